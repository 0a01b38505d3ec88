import { stepFunctions, stepRunner } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import { namedWeights } from '@kd/model';
import { bestEpoch } from './best-epoch.js';
import type { BestEpoch } from './best-epoch.js';
import { compileEvents } from './compile-events.js';
import { prepareCallbacks } from './callbacks.js';
import { scaledWeights } from './learning-rates.js';
import type { PreparedStage } from './prepare-stages.js';
import { readsOf } from './reads.js';
import { rememberedWeights } from './remembered-weights.js';
import type { RememberedWeights } from './remembered-weights.js';
import { runEpochs } from './run-epochs.js';
import type { StageRun } from './stage-run.js';
import { restoreStage } from './stage-state.js';
import type { StageSnapshot } from './stage-state.js';
import { freezeAllBut } from './trainable-layers.js';
import type { TrainingRun } from './training-run.js';

/** Trains one stage, from its start or from `snapshot`, whose tensors it takes over. */
export async function runStage(
  prepared: PreparedStage,
  run: TrainingRun,
  finished: readonly StageRun[],
  snapshot: StageSnapshot | undefined,
): Promise<StageRun> {
  const { stage, objective, optimizer, stepsPerEpoch } = prepared;
  const { model } = objective.recipe.student;
  const unfreeze = freezeAllBut(model, stage.trainable);
  const weights = (): NamedWeight[] => [...namedWeights(model), ...objective.moduleWeights];
  const remembered = (which: (weight: NamedWeight) => boolean): RememberedWeights =>
    rememberedWeights(
      weights()
        .filter(which)
        .map(({ variable }) => variable),
    );
  const statistics = remembered(({ trainable }) => !trainable);
  const generations = [remembered(() => true), remembered(() => true)] as const;
  const functions = run.compile === 'never' ? () => undefined : stepFunctions;
  const runner = stepRunner(functions);
  const inference = stepRunner(functions);
  let best: BestEpoch | undefined;
  try {
    const restored = snapshot && restoreStage(snapshot, objective, run.modules(), optimizer);
    best = bestEpoch(weights, restored?.best);
    const parameters = {
      epochs: stage.epochs,
      ...(stepsPerEpoch === undefined ? {} : { steps: stepsPerEpoch }),
    };
    const callbacks = prepareCallbacks(run.callbacks, model, parameters);
    const scaled = scaledWeights(objective.trainable, stage.learningRateMultipliers);
    const earlierEpochs = finished.reduce((sum, { history }) => sum + history.length, 0);
    const reportCompile = compileEvents(runner, prepared.index, run.onEvent);
    const running = {
      ...prepared,
      run,
      callbacks,
      scaled,
      runner,
      inference,
      reportCompile,
      statistics,
      generations,
      reads: readsOf(),
      best,
      earlierEpochs,
    };
    return await runEpochs(running, finished, restored);
  } finally {
    runner.dispose();
    inference.dispose();
    best?.dispose();
    for (const one of [statistics, ...generations]) one.dispose();
    unfreeze();
  }
}
