import { stepFunctions, stepRunner } from '@kd/core';
import type { Named } from '@kd/core';
import { scalarTensors } from '@kd/recipe';
import { dispose, scalar, tidy, valueAndGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Check } from '../check.js';
import { withSubject } from '../check.js';
import { areSame, few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { givenFor } from '../rig/given.js';
import type { Given } from '../rig/given.js';
import type { Rig } from '../rig/rig.js';
import { openTensors } from '../rig/tensors.js';

/** Whether a step with the term can be one call of the backend, where it has such calls. */
export const compiledChecks: readonly Check[] = [
  {
    name: 'compiled',
    rule: 'has the same bits in a step that is one call of the backend',
    applies: ({ claims }) => claims.runsEagerly === undefined,
    run: (subject) =>
      withSubject(subject, async (rig) => {
        if (stepFunctions() === undefined) return;
        const runner = stepRunner(stepFunctions);
        const batches = [1, 2, 3, 4].map((seed) => givenFor(rig.slots, subject.shapes, 5, seed));
        try {
          const called: number[][] = [];
          for (const [index, given] of batches.entries()) called.push(await run(rig, given, index, runner));
          const outcome = runner.outcome();
          conforms(outcome === true, () => `It is not: ${String(outcome ?? 'its first runs differ')}.`);
          const eager = stepRunner(() => undefined);
          const last = batches.length - 1;
          const expected = await run(rig, batches[last] as Given, last, eager);
          conforms(
            areSame(called[last] ?? [], expected),
            () =>
              `Loss and gradient are ${few(called[last] ?? [])}, operation by operation ${few(expected)}.`,
          );
        } finally {
          runner.dispose();
        }
      }),
  },
];

/** The loss and its gradient in the student's values and in modules, as one list, computed by a runner. */
async function run(
  { objective, term, shapes }: Rig,
  given: Given,
  step: number,
  runner: ReturnType<typeof stepRunner>,
): Promise<number[]> {
  const { batch, answer, leaves, release } = openTensors(given, shapes.mask);
  const keys = Object.keys(leaves).filter((key) => key.startsWith('student.'));
  // A term that reads nothing of the student teaches its modules alone.
  const ofModules = objective.moduleWeights.flatMap(({ variable }) => (variable.trainable ? [variable] : []));
  const learnt = keys.length === 0 ? ofModules : [];
  const numbers = tidy(() => scalarTensors(objective.numbersAt({ step, epoch: 0 })));
  const seed = scalar(step, 'int32');
  const parts: Named = {
    ...prefixed('input ', batch.inputs),
    ...prefixed('target ', batch.targets ?? {}),
    ...prefixed('teacher ', leaves),
    ...prefixed('number ', numbers),
    rows: batch.rows as Tensor,
    seed,
  };
  const body = () => {
    const { value, grads } = valueAndGrads((...given: Tensor[]) => {
      const inputs: Named = {
        ...batch.inputs,
        ...Object.fromEntries(keys.map((key, at) => [key, given[at] as Tensor])),
      };
      const values = { batch: { ...batch, inputs }, answer, numbers, training: true, seed };
      return objective.losses(values).losses[term.name] as Scalar;
    })([...keys.map((key) => batch.inputs[key] as Tensor), ...learnt]);
    const named = Object.fromEntries(grads.map((slope, at) => [`gradient ${String(at)}`, slope]));
    return { tensors: { value, ...named }, layout: undefined };
  };
  try {
    const { tensors } = runner.run(body, () => ({
      key: '',
      inputs: parts,
      state: objective.moduleWeights.map(({ variable }) => variable),
      fixed: objective.constants,
    }));
    const read = await Promise.all(Object.values(tensors).map(async (one) => Array.from(await one.data())));
    dispose(Object.values(tensors));
    return read.flat();
  } finally {
    dispose([...Object.values(numbers), seed]);
    release();
  }
}

function prefixed(prefix: string, tensors: Named): Named {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}
