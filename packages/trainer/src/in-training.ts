import type { Variable } from '@tensorflow/tfjs-core';
import { KdError } from '@kd/core';
import type { Objective } from '@kd/recipe';

/** Variables that a training of this process is changing. */
const inTraining = new WeakSet<Variable>();

/**
 * Marks what the stages of a training change, until the returned function is called. Throws if another
 * training changes one of these weights, or a weight that the teacher answers with.
 */
export function claimWeights(where: string, objectives: readonly Objective[]): () => void {
  const weights = objectives.flatMap(({ trainable }) => trainable);
  const busy = weights.find(({ variable }) => inTraining.has(variable));
  if (busy !== undefined) throw inAnother(where, 'the student', busy.name);
  const ofTeachers = objectives.flatMap(({ teacher }) => teacher?.variables ?? []);
  const changing = ofTeachers.find((variable) => inTraining.has(variable));
  if (changing !== undefined) throw inAnother(where, 'the teacher', changing.name);
  const own = [...new Set(weights.map(({ variable }) => variable))];
  for (const variable of own) inTraining.add(variable);
  return () => {
    for (const variable of own) inTraining.delete(variable);
  };
}

function inAnother(where: string, argument: string, weight: string): KdError {
  return new KdError({
    code: 'KD_TEACHER_TRAINED',
    where,
    argument,
    expected: 'not in another training at the same time',
    received: `the weight ${JSON.stringify(weight)}, which another training changes`,
    remedy: 'Wait for that training, copy the model, or use trainTogether with onlineTeacher.',
  });
}
