import type { Optimizer } from '@tensorflow/tfjs-core';
import { namedWeights } from '@kd/core';
import type { Objective } from '@kd/recipe';
import { bestEpoch } from './best-epoch.js';
import type { BestEpoch } from './best-epoch.js';
import { prepareCallbacks } from './callbacks.js';
import type { Callback } from './callbacks.js';
import type { PreparedData } from './data/prepare-data.js';
import type { TrainEvent } from './events.js';
import type { Judge } from './judge.js';
import { scaledWeights } from './learning-rates.js';
import { runEpochs } from './run-epochs.js';
import type { Stage } from './stage.js';
import type { StageRun } from './stage-run.js';
import type { Keeper } from './checkpoint/keeper.js';
import { restoreStage } from './stage-state.js';
import type { StageSnapshot } from './stage-state.js';
import { statisticsOf } from './statistics.js';
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
