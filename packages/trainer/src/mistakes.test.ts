// Users' mistakes, and the errors that help them.
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { oneHot, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { examples, net, onLabels, options, recorder } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

describe('one-hot labels', () => {
  it('are refused by hardTarget, which names the term that accepts them', async () => {
    const { inputs, labels } = examples(16);
    const data = { inputs, labels: oneHot(tensor1d(labels, 'int32'), 3) };
    expect(await outcome(() => train(onLabels(net()), options(data)))).toMatch(
      /^KD_\w+: the term "hard": targets\.labels must be .*hardTargetFromDistributions/,
    );
  });
});

describe('a teacher that is the student', () => {
  it('is refused before the first step, because nothing would be distilled', async () => {
    const model = net();
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(model, { convention: 'logits' }),
      terms: [softTarget({ temperature: 2 })],
    });
    const { of, onEvent } = recorder();
    const { inputs } = examples(16);
    const seen = await outcome(async () => (await train(recipe, options({ inputs }, { onEvent }))).reason);
    expect(`${seen.split(':')[0] ?? ''} after ${String(of('step').length)} steps`).toMatch(
      /^KD_\w+ after 0 steps$/,
    );
  });
});
