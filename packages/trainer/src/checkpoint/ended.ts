import { dispose } from '@tensorflow/tfjs-core';
import type { NamedWeight } from '@kd/core';
import type { StageRun } from '../stage-run.js';
import type { Checkpoint, LoadedCheckpoint } from './checkpoint.js';
import { checkTensors, tensorsFor } from './check-tensors.js';
import type { TrainingConfig } from './config.js';
import type { TrainingState } from './state.js';

type Tensors = Checkpoint['student'];

/** The checkpoint of a training that has ended: with the weights of its best epoch, which are its result. */
export function ended(checkpoint: Checkpoint, reason: TrainingState['ended'] & string): Checkpoint {
  const { replaced, ...result } = exchanged(checkpoint, checkpoint.best);
  return {
    ...checkpoint,
    ...result,
    state: { ...checkpoint.state, ended: reason },
    best: {},
    last: replaced,
  };
}

/** The result of the last stage if nothing is left to do; undefined if it has more epochs now. */
export function resultOf(
  { ended: reason, stage, position, history, best }: TrainingState,
  { stages }: TrainingConfig,
): StageRun | undefined {
  const { name, epochs } = stages[stage] as TrainingConfig['stages'][number];
  if (reason === undefined || (reason === 'finished' && epochs > (position?.epoch ?? 0))) return undefined;
  return { name, history, reason, bestEpoch: best?.epoch };
}

/**
 * The checkpoint of a training that has ended as one made after its last step, before it restored its best
 * epoch. Throws if it has other weights than the training, and then disposes all tensors.
 */
export function reopened<Loaded extends LoadedCheckpoint>(
  checkpoint: Loaded,
  weights: readonly NamedWeight[],
  moduleWeights: readonly NamedWeight[],
): Loaded {
  const { state, student, modules, optimizer, best, last, damaged } = checkpoint;
  try {
    checkTensors(tensorsFor(weights), student, damaged('student'));
    checkTensors(tensorsFor(moduleWeights), modules, damaged('modules'));
    const changed = moduleWeights.filter(({ name }) => name in last);
    checkTensors(tensorsFor(state.best === undefined ? [] : [...weights, ...changed]), last, damaged('last'));
    checkTensors([], best, damaged('best'));
  } catch (error) {
    dispose([student, modules, optimizer, best, last].flatMap((group) => Object.values(group)));
    throw error;
  }
  const { replaced, ...now } = exchanged(checkpoint, last);
  // What is missing among the best weights is missing in the file of the last ones.
  const damagedNow: Loaded['damaged'] = (group) => damaged(group === 'best' ? 'last' : group);
  return { ...checkpoint, ...now, best: replaced, last: {}, damaged: damagedNow };
}

/** Puts weights in the place of those of the same names, which are replaced. */
function exchanged(
  { student, modules }: Pick<Checkpoint, 'student' | 'modules'>,
  weights: Tensors,
): { readonly student: Tensors; readonly modules: Tensors; readonly replaced: Tensors } {
  const old = { ...modules, ...student };
  const now = (group: Tensors): Tensors =>
    Object.fromEntries(Object.entries(group).map(([name, tensor]) => [name, weights[name] ?? tensor]));
  const replaced = Object.entries(old).filter(([name]) => name in weights);
  return { student: now(student), modules: now(modules), replaced: Object.fromEntries(replaced) };
}
