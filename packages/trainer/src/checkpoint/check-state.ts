import {
  boolean,
  check,
  KdError,
  like,
  list,
  nested,
  nonNegative,
  oneOf,
  optionsOf,
  record,
  text,
  whole,
} from '@kd/core';
import type { Check } from '@kd/core';
import type { StopReason } from '../events.js';
import type { EpochPosition } from '../epoch-position.js';
import type { EpochRecord } from '../history.js';
import type { StageRun } from '../stage-run.js';
import type { Sum } from '../sums.js';
import type { StageConfig, TrainingConfig } from './config.js';
import type { Damaged } from './damaged.js';
import type { TrainingState } from './state.js';

// NaN and the infinities too: a metric may be one.
const number: Check<number> = like('a number', (value) => typeof value === 'number');
const count = whole(0);

const position = optionsOf<EpochPosition>()({
  epoch: count,
  step: count,
  batch: count,
  sums: record(nested(optionsOf<Sum>()({ normalizer: number, loss: number, weighted: number }))),
  seconds: nonNegative,
});
const history = list(
  nested(
    optionsOf<EpochRecord>()({
      epoch: count,
      step: count,
      total: number,
      losses: record(number),
      validation: record(number).optional(),
      improved: boolean,
      seconds: nonNegative,
    }),
  ),
);
const stageRun = optionsOf<StageRun>()({
  name: text,
  history,
  reason: oneOf<StopReason>('finished', 'early', 'aborted', 'callback'),
  bestEpoch: check<number, number | undefined>('a whole number', (at, value) =>
    value === undefined ? undefined : count.read(at, value),
  ),
});
const trainingState = optionsOf<TrainingState>()({
  finished: list(nested(stageRun)),
  stage: count,
  position: nested(position).optional(),
  history,
  best: nested(optionsOf<NonNullable<TrainingState['best']>>()({ epoch: count, score: number })).optional(),
  ended: oneOf<NonNullable<TrainingState['ended']>>('finished', 'early', 'callback').optional(),
  optimizer: record(number),
});

/** The progress in a checkpoint. Throws unless it is possible in a training of the checkpoint's config. */
export function readState(stored: unknown, config: TrainingConfig, damaged: Damaged): TrainingState {
  let state: TrainingState;
  try {
    state = trainingState.read('', stored as TrainingState, 'state');
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    throw damaged(`a file whose ${error.argument} is ${error.expected}`, error.received, error);
  }
  const wrong = impossible(state, config);
  if (wrong === undefined) return state;
  throw damaged('a file with a possible state of this training', wrong);
}

/** What cannot be true of a training; undefined if all can. */
function impossible(
  { finished, stage, position: at, history: records, best, ended }: TrainingState,
  config: TrainingConfig,
): string | undefined {
  const current = config.stages[stage];
  if (current === undefined) return `stage ${String(stage)}`;
  const names = config.stages.slice(0, stage).map(({ name }) => name);
  const finishedNames = finished.map(({ name }) => name);
  if (JSON.stringify(finishedNames) !== JSON.stringify(names))
    return `the finished stages ${finishedNames.join(', ') || 'none'} before stage ${String(stage)}`;
  const epochs = at?.epoch ?? 0;
  if (records.length !== epochs || records.some(({ epoch }, index) => epoch !== index))
    return `records of ${String(records.length)} epochs before epoch ${String(epochs)}`;
  if (best !== undefined && best.epoch >= epochs) return `the best epoch ${String(best.epoch)}`;
  if (ended !== undefined && (at?.batch !== 0 || stage + 1 < config.stages.length))
    return `an end in the middle of stage ${String(stage)}`;
  if (at !== undefined && ended === undefined && epochs >= current.epochs)
    return `epoch ${String(epochs)} of ${String(current.epochs)}`;
  return at && impossiblePosition(at, records, current, config);
}

function impossiblePosition(
  { epoch, step, batch }: EpochPosition,
  records: readonly EpochRecord[],
  { accumulationSteps }: StageConfig,
  { datasetSize }: TrainingConfig,
): string | undefined {
  // A batch has at least one example.
  if (datasetSize !== null && batch > datasetSize)
    return `batch ${String(batch)} of ${String(datasetSize)} examples`;
  const steps = (records.at(-1)?.step ?? 0) + Math.ceil(batch / accumulationSteps);
  return step === steps
    ? undefined
    : `step ${String(step)} at batch ${String(batch)} of epoch ${String(epoch)}`;
}
