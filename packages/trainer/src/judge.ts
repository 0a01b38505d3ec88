import { dispose } from '@tensorflow/tfjs-core';
import { describeValue, KdError, tensorsOfBatch } from '@kd/core';
import type { Batch, Targets } from '@kd/core';
import type { Student } from '@kd/recipe';
import { checkLabels, checkWeights, weightError } from './check-held-out.js';
import { prepareData } from './data/prepare-data.js';
import type { CheckTargets } from './data/prepare-data.js';
import { errorAt } from './error-at.js';
import type { Measurements } from './history.js';
import { classification } from './measure.js';
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
