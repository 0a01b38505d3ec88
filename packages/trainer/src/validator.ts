import { describeValue, errorAt, KdError, stepRunner } from '@kd/core';
import type { Batch, Targets, TrainingTime } from '@kd/core';
import { modelOutputs } from '@kd/model';
import type { Objective, Student } from '@kd/recipe';
import { checkedOneByOne } from './checked-one-by-one.js';
import { checkFixedBatch } from './check-fixed-batch.js';
import { checkInputs, checkLabels, checkWeights, weightError } from './check-held-out.js';
import { prepareData } from './data/prepare-data.js';
import type { CheckTargets, Preparation } from './data/prepare-data.js';
import type { Measurements } from './history.js';
import { metricsByOutput } from './metrics-by-output.js';
import type { MeasuredBy } from './metrics-by-output.js';
import { classificationMetrics, valueMetrics } from './metrics.js';
import type { EarlyStopping } from './stage.js';
import type { ValidationData } from './train-options.js';
import { answersOf, validate } from './validate.js';
import type { Interruption, Validated } from './validate.js';
import { validateLosses } from './validate-losses.js';

type Batches = AsyncIterable<Batch> | Iterable<Batch>;

/** Judges a student after each epoch. */
export interface Validator {
  /** Finds, before the first step and for data in memory, what would fail after the first epoch. */
  readonly check: (objective: Objective) => Promise<void>;
  /** Undefined if the signal ends it. */
  readonly measure: (
    objective: Objective,
    time: TrainingTime,
    interruption: Interruption,
  ) => Promise<Measurements | undefined>;
  /** Lower is better. */
  readonly score: (measured: Measurements) => number;
  readonly patience: number;
  /** Tells other data apart; undefined for streams. */
  readonly digest: () => Promise<string | undefined>;
}

/** A validation set with all that is needed to read it. */
export type HeldOutData = ValidationData & Pick<Preparation, 'batchSize' | 'partOf'>;

/** The validator of a validation set. `at` is where the caller wrote the rest: `options.validation`. */
export function validatorOf(
  whereOfTraining: string,
  at: string,
  { data, batchSize, partOf }: HeldOutData,
  earlyStopping: EarlyStopping,
): Validator {
  const where = `${whereOfTraining}, ${at}`;
  const { metrics, patience = Infinity } = earlyStopping;
  const whereOfData = `${whereOfTraining}, options.validation`;
  const prepared = prepareData(whereOfData, 'data', data, {
    batchSize,
    shuffle: false,
    ...(partOf === undefined ? {} : { partOf }),
  });
  const start = { epoch: 0, seed: 0, skip: 0 };
  const measuredOf = ({ recipe: { student } }: Objective): MeasuredBy[] =>
    metrics === 'losses'
      ? []
      : metricsByOutput(
          where,
          modelOutputs(where, 'the student', student.model, student.convention),
          metrics,
        );
  const checkTargets =
    (objective: Objective): CheckTargets =>
    async (targets) => {
      try {
        await checkWeights(where, targets);
        if (metrics === 'losses') await objective.checkTargets(targets);
        else await checkLabelsOf(where, objective.recipe.student, measuredOf(objective), targets);
      } catch (error) {
        throw errorAt(error, () => where);
      }
    };
  const run = (
    objective: Objective,
    time: TrainingTime,
    batches: Batches,
    interruption: Interruption,
  ): Promise<Validated | undefined> =>
    metrics === 'losses'
      ? validateLosses(objective, time, batches, interruption)
      : validate(
          answersOf(objective.recipe.student, interruption.runner),
          batches,
          measuredOf(objective),
          interruption,
        );
  const score = (measured: Measurements): number => scoreOf(where, earlyStopping, measured);
  return {
    check: async (objective) => {
      measuredOf(objective);
      if (metrics === 'losses') checkNoRows(where, objective);
      if (!prepared.checked) return;
      const { model } = objective.recipe.student;
      // The losses are those of training, which fills up no batch.
      if (metrics === 'losses')
        checkFixedBatch(whereOfData, { data: 'data', batchSize: 'batchSize' }, model, prepared);
      await prepared.checkAll((batch) => {
        checkInputs(whereOfData, model, batch);
      }, checkTargets(objective));
      const pause = (): Promise<void> => Promise.resolve();
      const time = { step: 0, epoch: 0 };
      const runner = stepRunner(() => undefined);
      const validated = await run(objective, time, firstOf(prepared.batches(start)), { pause, runner });
      if (validated !== undefined) score(validated.measured);
    },
    measure: async (objective, time, interruption) => {
      const batches = prepared.batches(start);
      const checked = prepared.checked ? batches : checkedOneByOne(batches, checkTargets(objective));
      const validated = await run(objective, time, checked, interruption);
      if (validated === undefined || validated.weight > 0) return validated?.measured;
      throw weightError(where, 'the sum of all weights', '> 0', String(validated.weight));
    },
    score,
    patience,
    digest: prepared.digest,
  };
}

/** A bank holds the training set: the rows of another set name other examples. */
function checkNoRows(where: string, { recipe }: Objective): void {
  const term = recipe.terms.find(({ reads }) => reads.rows === true);
  if (term === undefined) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'metrics',
    expected: `other than "losses", because the term ${JSON.stringify(term.name)} reads the rows of the training set`,
    received: '"losses"',
    remedy: 'Judge the student by its outputs: leave the metrics out, or pass your own.',
  });
}

async function checkLabelsOf(
  where: string,
  { model, convention }: Student,
  measured: readonly MeasuredBy[],
  targets: Targets,
): Promise<void> {
  const outputs = modelOutputs(where, 'the student', model, convention);
  for (const { output, metric, target } of measured) {
    const info = outputs.find(({ name }) => name === output.name);
    if (info === undefined || (metric !== classificationMetrics && metric !== valueMetrics)) continue;
    await checkLabels(where, info, target, targets);
  }
}

async function* firstOf(batches: Batches): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    yield batch;
    return;
  }
}

function scoreOf(where: string, { score }: EarlyStopping, measured: Measurements): number {
  const value: unknown = score === undefined ? measured['loss'] : score(measured);
  if (typeof value === 'number') return value;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: score === undefined ? 'score' : 'what score returns',
    expected: score === undefined ? 'given if metrics return no "loss"' : 'a number',
    received: describeValue(value),
    remedy: `Return a number, lower is better, computed from ${Object.keys(measured).join(', ')}.`,
  });
}
