// NaN and out-of-range numbers in probabilities are detected, not taken for "probability 0".
import '@tensorflow/tfjs-backend-cpu';
import { defineRecipe } from '@kd/recipe';
import {
  logitsFromProbabilities,
  sigmoidSoftTarget,
  softTarget,
  softTargetLossFromProbabilities,
} from '@kd/soft-target-loss';
import { functionTeacher } from '@kd/teacher/function';
import { train } from '@kd/trainer';
import { setBackend, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { numbers, sgd, student, valueOf } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

const halves = [0, 1, 2, 3].map(() => [0.5, 0.5]);
const nonsense = [
  [NaN, NaN],
  [0.5, 0.5],
  [0.5, NaN],
  [7, -3],
];
/** Trains on a teacher that answers with tensors: `later` after the first one. */
const trained = (
  convention: 'probabilities' | 'sigmoid-probabilities',
  later: number[][],
): Promise<string> => {
  let asked = 0;
  const answer = (): ReturnType<typeof tensor> => tensor(asked++ === 0 ? halves : later);
  const isSigmoid = convention === 'sigmoid-probabilities';
  return outcome(async () => {
    const recipe = defineRecipe({
      student: student(2, isSigmoid ? 'sigmoid-logits' : 'logits'),
      teacher: functionTeacher(answer, { convention, classes: ['a', 'b'], fingerprint: 'v1' }),
      terms: [isSigmoid ? sigmoidSoftTarget({ temperature: 2 }) : softTarget({ temperature: 2 })],
    });
    const data = { inputs: numbers(8, [4]) };
    return (await train(recipe, { data, batchSize: 4, epochs: 1, optimizer: sgd })).reason;
  });
};

describe.each(['probabilities', 'sigmoid-probabilities'] as const)('a teacher of %s', (output) => {
  it('is used while its answers are valid', async () => {
    expect(await trained(output, halves)).toBe('finished');
  });

  it('is refused even if only later answers are wrong', async () => {
    expect(await trained(output, nonsense)).toMatch(/^KD_\w+: /);
  });
});

describe('a probability of NaN', () => {
  it('has a logit of NaN', () => {
    expect(valueOf(logitsFromProbabilities(tensor2d([[NaN, 1]])))).toBeNaN();
  });

  it('has a loss of NaN', () => {
    const [target, logits] = [tensor2d([[NaN, 1]]), tensor2d([[0.5, 0.5]])];
    expect(valueOf(softTargetLossFromProbabilities(target, logits, { temperature: 2 }))).toBeNaN();
  });
});
