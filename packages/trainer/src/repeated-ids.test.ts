import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { expect, it } from 'vitest';
import { examples, net, options } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

it('a cached teacher refuses data in which many examples share an id', async () => {
  const trained = async (): Promise<string> => {
    const recipe = defineRecipe({
      student: { model: net(), convention: 'logits' },
      teacher: cachedTeacher(layersTeacher(net(2), { convention: 'logits' })),
      terms: [softTarget({ temperature: 2 })],
    });
    const { inputs, labels } = examples(16);
    return (await train(recipe, options({ inputs, ids: Array.from(labels, String) }))).reason;
  };
  expect(await outcome(trained)).toMatch(/^KD_ID_(INPUT|DUPLICATE): /);
});
