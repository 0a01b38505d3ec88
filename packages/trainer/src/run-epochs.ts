import { dispose } from '@tensorflow/tfjs-core';
import type { BestEpoch } from './best-epoch.js';
import { logsOfEpoch } from './callbacks.js';
import type { StopReason } from './events.js';
import type { EpochRecord } from './history.js';
import type { Validator } from './validator.js';
import { runEpoch } from './run-epoch.js';
import type { EpochPosition } from './epoch-position.js';
import type { RunningStage } from './running-stage.js';
import type { StageRun } from './stage-run.js';
import { snapshotOf } from './stage-state.js';
import type { StageProgress } from './stage-state.js';
import { ended } from './checkpoint/ended.js';
import { clearStopFlag, isStopRequested } from './stop-flag.js';
import { meansOf, noSums } from './sums.js';
import { timer } from './timer.js';

const firstPosition: EpochPosition = { epoch: 0, step: 0, batch: 0, sums: noSums, seconds: 0 };

/**
 * Runs the epochs of a stage, from its start or from where it was restored, and restores the best one at the
 * end.
 */
export async function runEpochs(
  running: RunningStage,
  finished: readonly StageRun[],
  restored: Pick<StageProgress, 'position' | 'history'> | undefined,
): Promise<StageRun> {
  const { stage, index, isLast, validator, objective, optimizer, stepsPerEpoch, callbacks, best } = running;
  const { onEvent, signal, pause, checkpointer, modules } = running.run;
  const { model } = objective.recipe.student;
  const history: EpochRecord[] = [...(restored?.history ?? [])];
  let position = restored?.position ?? firstPosition;
  let reason: StopReason = 'finished';
  const keep = async (at: EpochPosition, end?: Exclude<StopReason, 'aborted'>): Promise<void> => {
    if (checkpointer === undefined) return;
    const progress = { position: at, history, best, objective, optimizer };
    const snapshot = snapshotOf(finished, progress, modules());
    try {
      await checkpointer.save(end === undefined ? snapshot : ended(snapshot, end));
    } finally {
      dispose(Object.values(snapshot.optimizer));
    }
  };
  clearStopFlag(model);
  const parameters = objective.trainable.reduce((sum, { variable }) => sum + variable.size, 0);
  const { name, epochs } = stage;
  onEvent({
    type: 'start',
    stage: index,
    name,
    epochs,
    stepsPerEpoch,
    parameters,
    step: position.step,
  });
  await callbacks.onTrainBegin();
  const isKeptAfter = (step: number): boolean => (step + 1) % (checkpointer?.everySteps ?? Infinity) === 0;
  const progress = {
    secondsLeft: timer(epochs, stepsPerEpoch, position),
    isKeptAfter,
    onStep: async (at: EpochPosition): Promise<void> => {
      if (isKeptAfter(at.step - 1)) await keep(at);
    },
  };
  if (endsEarly(best, validator, position.epoch - 1) && history.length > 0) reason = 'early';
  while (position.epoch < epochs && reason === 'finished') {
    if (signal?.aborted === true) {
      reason = 'aborted';
      break;
    }
    const { epoch } = position;
    const started = performance.now() - position.seconds * 1000;
    if (position.batch === 0) await callbacks.onEpochBegin(epoch);
    const trained = await runEpoch(running, position, progress);
    ({ position } = trained);
    reason = trained.stopped ?? reason;
    const time = { step: position.step, epoch };
    const validation =
      reason === 'aborted'
        ? undefined
        : await validator?.measure(objective, time, { signal, pause, runner: running.inference });
    if (reason === 'aborted' || (validator !== undefined && validation === undefined)) {
      reason = 'aborted';
      break;
    }
    const improved = validation !== undefined && best.note(epoch, validator?.score(validation) ?? NaN);
    const { total, losses } = meansOf(position.sums);
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
    else if (endsEarly(best, validator, epoch)) reason = 'early';
    position = { ...firstPosition, epoch: epoch + 1, step: position.step };
    if (reason === 'finished' && position.epoch < epochs) await keep(position);
  }
  if (reason === 'aborted') await keep(position);
  else if (isLast) await keep(position, reason);
  best.restore();
  await callbacks.onTrainEnd();
  onEvent({ type: 'end', stage: index, reason, bestEpoch: best.epoch() });
  return { name, history, reason, bestEpoch: best.epoch() };
}

// Before there is a best epoch, all epochs count as epochs without a better score.
function endsEarly(best: BestEpoch, validator: Validator | undefined, epoch: number): boolean {
  return epoch - (best.epoch() ?? -1) >= (validator?.patience ?? Infinity);
}
