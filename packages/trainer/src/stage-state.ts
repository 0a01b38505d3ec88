import { dispose } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import { namedWeights } from '@kd/model';
import type { NamedWeight } from '@kd/core';
import type { Objective } from '@kd/recipe';
import type { BestEpoch, BestState } from './best-epoch.js';
import type { Checkpoint } from './checkpoint/checkpoint.js';
import type { EpochRecord } from './history.js';
import { optimizerState, restoreOptimizer } from './optimizer-state.js';
import type { EpochPosition } from './epoch-position.js';
import type { StageRun } from './stage-run.js';

/** A running stage. */
export interface StageProgress {
  readonly position: EpochPosition;
  readonly history: readonly EpochRecord[];
  readonly best: BestEpoch;
  readonly objective: Objective;
  readonly optimizer: Optimizer;
}

/** A checkpoint made inside a stage. */
export type StageSnapshot = Checkpoint & { readonly state: { readonly position: EpochPosition } };

/**
 * A running stage as a checkpoint. The trained tensors are the live ones, to be read before the next step;
 * those of the optimizer are copies that the caller owns.
 */
export function snapshotOf(
  finished: readonly StageRun[],
  { position, history, best, objective, optimizer }: StageProgress,
  modules: readonly NamedWeight[],
): Checkpoint {
  const { tensors, numbers } = optimizerState(optimizer, objective.trainable);
  const known = best.state();
  return {
    state: {
      finished,
      stage: finished.length,
      position,
      history,
      optimizer: numbers,
      ...(known === undefined ? {} : { best: { epoch: known.epoch, score: known.score } }),
    },
    student: byName(namedWeights(objective.recipe.student.model)),
    modules: byName(modules),
    optimizer: tensors,
    best: known?.weights ?? {},
  };
}

/** The student and the modules between two stages as a checkpoint. */
export function snapshotBetween(
  finished: readonly StageRun[],
  student: readonly NamedWeight[],
  modules: readonly NamedWeight[],
): Checkpoint {
  const state = { finished, stage: finished.length, history: [], optimizer: {} };
  return { state, student: byName(student), modules: byName(modules), optimizer: {}, best: {} };
}

/**
 * Restores the state of a stage. Disposes the tensors of the snapshot, except those of the best epoch, which
 * it hands on.
 */
export function restoreStage(
  { state, student, modules, optimizer: slots, best }: StageSnapshot,
  objective: Objective,
  moduleWeights: readonly NamedWeight[],
  optimizer: Optimizer,
): { readonly position: EpochPosition; readonly history: readonly EpochRecord[]; readonly best?: BestState } {
  assign(namedWeights(objective.recipe.student.model), student);
  assign(moduleWeights, modules);
  restoreOptimizer(optimizer, objective.trainable, { tensors: slots, numbers: state.optimizer });
  dispose([student, modules, slots].flatMap((group) => Object.values(group)));
  const { position, history } = state;
  return {
    position,
    history,
    ...(state.best === undefined ? {} : { best: { ...state.best, weights: best } }),
  };
}

/** Assigns values to weights by name. */
export function assign(weights: readonly NamedWeight[], values: Readonly<Record<string, Tensor>>): void {
  for (const { name, variable } of weights) {
    const value = values[name];
    if (value !== undefined) variable.assign(value);
  }
}

function byName(weights: readonly NamedWeight[]): Record<string, Tensor> {
  return Object.fromEntries(weights.map(({ name, variable }) => [name, variable]));
}
