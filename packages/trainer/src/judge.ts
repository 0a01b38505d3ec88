import { cast, dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describeValue, KdError, tensorsOfBatch } from '@kd/core';
import type { Batch, Shape, Targets } from '@kd/core';
import type { Student } from '@kd/recipe';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from '@kd/soft-target-loss/terms';
import { prepareData } from './data/prepare-data.js';
import type { CheckTargets } from './data/prepare-data.js';
import { errorAt } from './error-at.js';
import type { Measurements } from './history.js';
import { areDistributions, classification } from './measure.js';
import type { Validation } from './train-options.js';
import { validate } from './validate.js';
import type { Interruption } from './validate.js';

type Batches = AsyncIterable<Batch> | Iterable<Batch>;

/** Judges a student after each epoch. */
export interface Judge {
  /** Finds before the first step, where the data is in memory, what would fail after the first epoch. */
  readonly check: () => Promise<void>;
  /** Undefined if the signal ends it. */
  readonly measure: (interruption: Interruption) => Promise<Measurements | undefined>;
  /** Lower is better. */
  readonly score: (measured: Measurements) => number;
  readonly patience: number;
}

/** The judge that the option `validation` of a training describes. */
export function judgeOf(
  whereOfTraining: string,
  student: Student,
  validation: Validation,
  batchSizeOfTraining: number,
): Judge {
  const where = `${whereOfTraining}, options.validation`;
  const { data, batchSize = batchSizeOfTraining, measure = classification, patience = Infinity } = validation;
  const prepared = prepareData(where, data, { batchSize, shuffle: false });
  const start = { epoch: 0, seed: 0, skip: 0 };
  const checkTargets = async (targets: Targets): Promise<void> => {
    try {
      await checkWeights(where, targets);
      if (measure === classification) await checkLabels(student, targets);
    } catch (error) {
      throw errorAt(error, () => where);
    }
  };
  const score = (measured: Measurements): number => scoreOf(where, validation, measured);
  return {
    check: async () => {
      if (!prepared.checked) return;
      await prepared.checkAll(student.model, checkTargets);
      const validated = await validate(student, firstOf(prepared.batches(start)), measure, {
        pause: () => Promise.resolve(),
      });
      if (validated !== undefined) score(validated.measured);
    },
    measure: async (interruption) => {
      const batches = prepared.batches(start);
      const checked = prepared.checked ? batches : checkedOneByOne(batches, checkTargets);
      const validated = await validate(student, checked, measure, interruption);
      if (validated === undefined || validated.weight > 0) return validated?.measured;
      throw weightError(where, 'the sum of all weights', '> 0', String(validated.weight));
    },
    score,
    patience,
  };
}

async function* firstOf(batches: Batches): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    yield batch;
    return;
  }
}

async function* checkedOneByOne(batches: Batches, check: CheckTargets): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    try {
      await check(batch);
    } catch (error) {
      dispose(tensorsOfBatch(batch));
      throw error;
    }
    yield batch;
  }
}

function scoreOf(where: string, { score }: Validation, measured: Measurements): number {
  const value: unknown = score === undefined ? measured['loss'] : score(measured);
  if (typeof value === 'number') return value;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: score === undefined ? 'score' : 'what score returns',
    expected: score === undefined ? 'given for a measure without "loss"' : 'a number',
    received: describeValue(value),
    remedy: `Make a number, lower is better, of ${Object.keys(measured).join(', ')}.`,
  });
}

/** Rejects unless the default measure can use the labels: a label that names no class would make the loss NaN. */
async function checkLabels({ model, output: convention }: Student, targets: Targets): Promise<void> {
  const labels = targets.targets?.['labels'];
  if (labels === undefined) return;
  const { shape } = model.outputs[0] as { shape: Shape };
  const shapes = { student: { output: { convention, shape }, taps: [] } };
  const independent = convention.startsWith('sigmoid');
  if (!independent && !areDistributions(labels, shape)) {
    await hardTarget().checkBatch?.(targets, shapes);
    return;
  }
  const floats = cast(labels, 'float32');
  try {
    const term = independent ? sigmoidHardTarget() : hardTargetFromDistributions();
    await term.checkBatch?.({ ...targets, targets: { labels: floats } }, shapes);
  } finally {
    floats.dispose();
  }
}

async function checkWeights(where: string, { sampleWeight, labelled }: Targets): Promise<void> {
  const check = async (
    name: string,
    weights: Tensor | undefined,
    isLegal: (value: number) => boolean,
    expected: string,
  ): Promise<void> => {
    const values = (await weights?.data()) ?? new Float32Array();
    const wrong = values.findIndex((value) => !isLegal(value));
    if (wrong < 0) return;
    throw weightError(where, `${name}[${String(wrong)}]`, expected, String(values[wrong]));
  };
  await check(
    'sampleWeight',
    sampleWeight,
    (value) => Number.isFinite(value) && value >= 0,
    'finite and >= 0',
  );
  await check('labelled', labelled, (value) => value === 0 || value === 1, '0 or 1');
}

function weightError(where: string, argument: string, expected: string, received: string): KdError {
  const remedy = 'Correct the weights of the validation set; leave them out to count every example once.';
  return new KdError({ code: 'KD_WEIGHT_RANGE', where, argument, expected, received, remedy });
}
