import type { Optimizer } from '@tensorflow/tfjs-core';
import { namedWeights } from '@kd/core';
import type { Objective } from '@kd/recipe';
import { bestEpoch } from './best-epoch.js';
import type { BestEpoch } from './best-epoch.js';
import { logsOfEpoch, prepareCallbacks } from './callbacks.js';
import type { Callback } from './callbacks.js';
import type { PreparedData } from './data/prepare-data.js';
import type { StopReason, TrainEvent } from './events.js';
import { meansOf, noSums } from './history.js';
import type { EpochRecord } from './history.js';
import type { Judge } from './judge.js';
import { scaledWeights } from './learning-rates.js';
import { runEpoch } from './run-epoch.js';
import type { EpochContext, EpochPosition } from './run-epoch.js';
import type { Stage } from './stage.js';
import type { StageRun } from './stage-run.js';
import type { Keeper } from './checkpoint/keeper.js';
import { restoreStage, snapshotOf } from './stage-state.js';
import type { StageProgress, StageSnapshot } from './stage-state.js';
import { statisticsOf } from './statistics.js';
import { clearStopFlag, isStopRequested } from './stop-flag.js';
import { freezeAllBut } from './trainable-layers.js';

/** A stage with everything that was made for it before the training. */
export interface PreparedStage {
  readonly stage: Stage;
  readonly index: number;
  readonly judge: Judge | undefined;
  /** Built while all but the stage's own layers were frozen. */
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  /** Seed of the stage. */
  readonly seed: number;
}

/** What all stages of a training share. */
export interface Shared {
  readonly where: string;
  readonly data: PreparedData;
  readonly callbacks: readonly Callback[];
  readonly onEvent: (event: TrainEvent) => void;
  readonly signal: AbortSignal | undefined;
  readonly pause: () => Promise<void>;
  /** Undefined without checkpoints. */
  readonly keeper: Keeper | undefined;
}

/** Trains one stage, from its start or from where `snapshot` was taken, whose tensors it takes over. */
export async function runStage(
  prepared: PreparedStage,
  finished: readonly StageRun[],
  shared: Shared,
  snapshot: StageSnapshot | undefined,
): Promise<StageRun> {
  const { stage, objective, optimizer, seed } = prepared;
  const { model } = objective.recipe.student;
  const { where, data, signal, pause } = shared;
  const unfreeze = freezeAllBut(model, stage.trainable);
  const untrained = namedWeights(model).filter(({ trainable }) => !trainable);
  const statistics = statisticsOf(untrained.map(({ variable }) => variable));
  let best: BestEpoch | undefined;
  try {
    const restored = snapshot && restoreStage(snapshot, objective, optimizer);
    best = bestEpoch(model, restored?.best);
    const callbacks = prepareCallbacks(shared.callbacks, model, {
      epochs: stage.epochs,
      ...(data.stepsPerEpoch === undefined ? {} : { steps: data.stepsPerEpoch }),
    });
    const context = {
      where,
      objective,
      optimizer,
      scaled: scaledWeights(objective.trainable, stage.learningRates),
      statistics,
      data,
      seed,
      batchesPerStep: stage.batchesPerStep ?? 1,
      callbacks,
      onEvent: shared.onEvent,
      signal,
      pause,
      stage: prepared.index,
    };
    return await runEpochs(prepared, finished, shared, context, best, restored);
  } finally {
    best?.dispose();
    statistics.dispose();
    unfreeze();
  }
}

const firstPosition: EpochPosition = { epoch: 0, step: 0, batch: 0, sums: noSums, seconds: 0 };

async function runEpochs(
  { stage, index, judge, objective, optimizer }: PreparedStage,
  finished: readonly StageRun[],
  { data, onEvent, signal, pause, keeper }: Shared,
  context: Omit<EpochContext, 'secondsLeft' | 'onStep'>,
  best: BestEpoch,
  restored: Pick<StageProgress, 'position' | 'history'> | undefined,
): Promise<StageRun> {
  const { model } = objective.recipe.student;
  const { callbacks } = context;
  const history: EpochRecord[] = [...(restored?.history ?? [])];
  let position = restored?.position ?? firstPosition;
  let reason: StopReason = 'finished';
  const keep = (at: EpochPosition): Promise<void> | undefined =>
    keeper?.save(snapshotOf(finished, { position: at, history, best, objective, optimizer }));
  clearStopFlag(model);
  const parameters = objective.trainable.reduce((sum, { variable }) => sum + variable.size, 0);
  const { name, epochs } = stage;
  onEvent({
    type: 'start',
    stage: index,
    name,
    epochs,
    stepsPerEpoch: data.stepsPerEpoch,
    parameters,
    step: position.step,
  });
  await callbacks.onTrainBegin();
  const epochContext: EpochContext = {
    ...context,
    secondsLeft: timer(epochs, data.stepsPerEpoch, position),
    onStep: async (at) => {
      if (at.step % (keeper?.everySteps ?? Infinity) === 0) await keep(at);
    },
  };
  if (endsEarly(best, judge, position.epoch - 1) && history.length > 0) reason = 'early';
  while (position.epoch < epochs && reason === 'finished') {
    if (signal?.aborted === true) {
      reason = 'aborted';
      break;
    }
    const { epoch } = position;
    const started = performance.now() - position.seconds * 1000;
    if (position.batch === 0) await callbacks.onEpochBegin(epoch);
    const trained = await runEpoch(epochContext, position);
    ({ position } = trained);
    reason = trained.stopped ?? reason;
    const time = { step: position.step, epoch };
    const validation =
      reason === 'aborted' ? undefined : await judge?.measure(objective, time, { signal, pause });
    if (reason === 'aborted' || (judge !== undefined && validation === undefined)) {
      reason = 'aborted';
      break;
    }
    const improved = validation !== undefined && best.note(epoch, judge?.score(validation) ?? NaN);
    const { total = NaN, ...losses } = meansOf(position.sums);
    const record: EpochRecord = {
      epoch,
      step: position.step,
      total,
      losses,
      ...(validation === undefined ? {} : { validation }),
      improved,
      seconds: (performance.now() - started) / 1000,
    };
    history.push(record);
    onEvent({ type: 'epoch', stage: index, ...record });
    await callbacks.onEpochEnd(epoch, logsOfEpoch(record));
    if (isStopRequested(model)) reason = 'callback';
    else if (endsEarly(best, judge, epoch)) reason = 'early';
    position = { ...firstPosition, epoch: epoch + 1, step: position.step };
    if (reason === 'finished' && position.epoch < epochs) await keep(position);
  }
  if (reason === 'aborted') await keep(position);
  best.restore();
  await callbacks.onTrainEnd();
  onEvent({ type: 'end', stage: index, reason, bestEpoch: best.epoch() });
  return { name, history, reason, bestEpoch: best.epoch() };
}

// Before there is a best epoch, all epochs from the first on are without a better score.
function endsEarly(best: BestEpoch, judge: Judge | undefined, epoch: number): boolean {
  return epoch - (best.epoch() ?? -1) >= (judge?.patience ?? Infinity);
}

/** Tells from the time taken since `start` how long the rest of a stage will take. */
function timer(
  epochs: number,
  stepsPerEpoch: number | undefined,
  start: EpochPosition,
): EpochContext['secondsLeft'] {
  const began = performance.now();
  return ({ step }) => {
    if (stepsPerEpoch === undefined) return undefined;
    const [done, left] = [step - start.step, epochs * stepsPerEpoch - step];
    return done === 0 ? undefined : ((performance.now() - began) / 1000 / done) * left;
  };
}
