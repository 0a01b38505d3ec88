import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { expectKdError, lossOf, numbersOf, useBackend } from '@kd/testing';
import { tensor1d, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { accuracy } from './accuracy.js';

await useBackend('cpu');

it('accuracy is 1 where the largest output is the true class', async () => {
  const logits = tensor2d([[3, 1, 0.5], [1, -2, 2.5], [0, 0, -1]]); // prettier-ignore
  const labels = tensor1d([0, 1, 0], 'int32');
  const { values } = await numbersOf(lossOf(accuracy(), { student: { logits }, targets: { labels } }));
  expect(values).toEqual([1, 0, 1]);
});

it('accuracy of a sequence is one number per position', async () => {
  const logits = tensor3d([[[2, 1], [0, 1]], [[-1, 1], [3, 4]]]); // prettier-ignore
  const labels = tensor2d([[0, 0], [1, 1]], [2, 2], 'int32'); // prettier-ignore
  const { values } = await numbersOf(lossOf(accuracy(), { student: { logits }, targets: { labels } }));
  expect(values).toEqual([1, 0, 1, 1]);
});

it('accuracy has no weight to set', async () => {
  await expectKdError(() => accuracy({ weight: 1 } as never), 'KD_OPTION_UNKNOWN', 'options.weight');
});

it('accuracy reads the target of its output', () => {
  expect(accuracy({ output: 'kind', name: 'acc' })).toMatchObject({
    name: 'acc',
    weight: 0,
    reads: { targets: { labels: { target: 'kind' } } },
  });
});
