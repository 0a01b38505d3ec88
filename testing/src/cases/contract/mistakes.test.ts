// Users' mistakes, and the errors that help them.
import '@tensorflow/tfjs-backend-cpu';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { oneHot, setBackend, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { adam, data, mlp, student } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

describe('a model in place of', () => {
  it('12 the student is refused as a whole, saying what to wrap it in', async () => {
    const bare = { student: mlp(3, 'thin'), terms: [hardTarget()] } as unknown as Recipe;
    expect(await outcome(() => defineRecipe(bare))).toMatch(
      /^KD_OPTION_TYPE: defineRecipe: recipe\.student must be .*\{ model, convention.*\}/,
    );
  });

  it('12 the teacher is refused as a whole, saying what to wrap it in', async () => {
    const bare = { student: student(), teacher: mlp(9, 'wide'), terms: [hardTarget()] } as unknown as Recipe;
    expect(await outcome(() => defineRecipe(bare))).toMatch(
      /^KD_OPTION_TYPE: defineRecipe: recipe\.teacher must be .*layersTeacher\(model, \{ convention/,
    );
  });
});

describe('one-hot labels', () => {
  it('13 are refused by hardTarget, which names the term that accepts them', async () => {
    const recipe = defineRecipe({ student: student(), terms: [hardTarget()] });
    const labels = oneHot(tensor1d(data.labels, 'int32'), 2);
    const options = { data: { inputs: data.inputs, labels }, epochs: 1, optimizer: adam };
    expect(await outcome(() => train(recipe, options))).toMatch(
      /^KD_\w+: the term "hard": targets\.labels must be .*hardTargetFromDistributions/,
    );
  });
});

describe('a teacher that is the student', () => {
  it('17 is refused before the first step, because nothing would be distilled', async () => {
    const { model } = student();
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(model, { convention: 'logits' }),
      terms: [softTarget({ temperature: 2 })],
    });
    let steps = 0;
    const seen = await outcome(async () => {
      const { inputs } = data;
      const onEvent = ({ type }: { type: string }): void => void (steps += Number(type === 'step'));
      const { reason } = await train(recipe, { data: { inputs }, epochs: 1, optimizer: adam, onEvent });
      return reason;
    });
    expect(`${seen.split(':')[0] ?? ''} after ${String(steps)} steps`).toMatch(/^KD_\w+ after 0 steps$/);
  });
});
