import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { useBackend } from '@kd/testing';
import { sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, onLabels, options, recorder } from '../test/small.js';
import { train } from './index.js';
import type { Recipe } from '@kd/recipe';

await useBackend('cpu');

const linear = (config: object): LayersModel => sequential({ layers: [dense(1, { units: 3, ...config })] });
const fixed = (): LayersModel => linear({ batchInputShape: [4, 2] });

/** The outcome of a training and its number of steps. */
const trained = async (recipe: Recipe): Promise<string> => {
  const { of, onEvent } = recorder();
  const { reason } = await train(recipe, options(examples(8), { onEvent }));
  return `${reason} after ${String(of('step').length)}`;
};

describe('a fixed batch size in', () => {
  it('a student equals that of the training', async () => {
    expect(await trained(onLabels(fixed()))).toBe('finished after 2');
  });

  it('a teacher equals that of the training', async () => {
    const recipe = defineRecipe({
      student: { model: linear({ inputShape: [2] }), convention: 'logits' },
      teacher: layersTeacher(fixed(), { convention: 'logits' }),
      terms: [softTarget({ temperature: 2 })],
    });
    expect(await trained(recipe)).toBe('finished after 2');
  });
});
