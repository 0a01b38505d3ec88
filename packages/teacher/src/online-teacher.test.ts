import { expectKdError, useBackend } from '@kd/testing';
import { ones, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { onlineTeacher, cachedTeacher } from './index.js';

await useBackend('cpu');

const peer = (): LayersModel =>
  sequential({ layers: [layers.dense({ units: 2, inputShape: [1], kernelInitializer: 'ones' })] });
const answerOf = async (teacher: ReturnType<typeof onlineTeacher>): Promise<number[]> => {
  const { members } = await teacher.predict(
    { inputs: { x: ones([1, 1]) } },
    { outputs: ['output'], taps: [] },
  );
  return Array.from(await (members[0]?.outputs['output'] as Tensor).data());
};

it('answers with the current weights, under one fingerprint', async () => {
  const model = peer();
  const teacher = onlineTeacher(model, { convention: 'logits' });
  const before = await teacher.describe({ taps: [] });
  expect(await answerOf(teacher)).toEqual([1, 1]);
  model.setWeights([tensor2d([[3, -2]]), tensor1d([0, 1])]);
  expect(await answerOf(teacher)).toEqual([3, -1]);
  expect(await teacher.describe({ taps: [] })).toEqual(before);
  expect(before.frozen).toBe(false);
});

it('is refused by functions that keep answers', async () => {
  const teacher = cachedTeacher(onlineTeacher(peer(), { convention: 'logits' }));
  await expectKdError(() => teacher.describe({ taps: [] }), 'KD_TEACHER_OUTPUT', 'teacher');
});

it('checks what layersTeacher checks', async () => {
  await expectKdError(
    () => onlineTeacher(peer(), { convention: 'logit' as 'logits' }),
    'KD_OPTION_RANGE',
    'options.convention',
  );
});
