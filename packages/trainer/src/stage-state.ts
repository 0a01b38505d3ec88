import { dispose } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import { namedWeights } from '@kd/model';
import type { NamedWeight } from '@kd/core';
import type { Objective } from '@kd/recipe';
import type { BestEpoch, BestState } from './best-epoch.js';
import type { Checkpoint, LoadedCheckpoint } from './checkpoint/checkpoint.js';
import { checkTensors, tensorsFor } from './checkpoint/check-tensors.js';
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
export type StageSnapshot = LoadedCheckpoint & { readonly state: { readonly position: EpochPosition } };

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
    last: {},
  };
}

/** The student and the modules between two stages as a checkpoint. */
export function snapshotBetween(
  finished: readonly StageRun[],
  student: readonly NamedWeight[],
  modules: readonly NamedWeight[],
): Checkpoint {
  const state = { finished, stage: finished.length, history: [], optimizer: {} };
  return { state, student: byName(student), modules: byName(modules), optimizer: {}, best: {}, last: {} };
}

/**
 * Restores the state of a stage, or throws before anything changes if the snapshot is not one of it. Disposes
 * the tensors of the snapshot, except those of the best epoch, which it hands on.
 */
export function restoreStage(
  snapshot: StageSnapshot,
  objective: Objective,
  moduleWeights: readonly NamedWeight[],
  optimizer: Optimizer,
): { readonly position: EpochPosition; readonly history: readonly EpochRecord[]; readonly best?: BestState } {
  const { state, student, modules, optimizer: slots, best, last } = snapshot;
  const { position, history } = state;
  const weights = namedWeights(objective.recipe.student.model);
  try {
    checkGroups(snapshot, weights, moduleWeights, objective);
    const kept = { tensors: slots, numbers: state.optimizer };
    restoreOptimizer(optimizer, objective.trainable, kept, position.step, snapshot.damaged('optimizer'));
    assign(weights, student);
    assign(moduleWeights, modules);
  } catch (error) {
    dispose(Object.values(best));
    throw error;
  } finally {
    dispose([student, modules, slots, last].flatMap((group) => Object.values(group)));
  }
  return {
    position,
    history,
    ...(state.best === undefined ? {} : { best: { ...state.best, weights: best } }),
  };
}

function checkGroups(
  { state, student, modules, best, last, damaged }: StageSnapshot,
  weights: readonly NamedWeight[],
  moduleWeights: readonly NamedWeight[],
  objective: Objective,
): void {
  checkTensors(tensorsFor(weights), student, damaged('student'));
  checkTensors(tensorsFor(moduleWeights), modules, damaged('modules'));
  const ofBest = state.best === undefined ? [] : [...weights, ...objective.moduleWeights];
  checkTensors(tensorsFor(ofBest), best, damaged('best'));
  checkTensors([], last, damaged('last'));
}

/** Assigns values to weights by name; each has one. */
export function assign(weights: readonly NamedWeight[], values: Readonly<Record<string, Tensor>>): void {
  for (const { name, variable } of weights) variable.assign(values[name] as Tensor);
}

function byName(weights: readonly NamedWeight[]): Record<string, Tensor> {
  return Object.fromEntries(weights.map(({ name, variable }) => [name, variable]));
}
