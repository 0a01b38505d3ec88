import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, itRefuses, numericGradient, useBackend } from '@kd/testing';
import { grad, mul, ones, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import * as float64 from '../test/float64.js';
import { rowsToUnitLength, rowsToUnitSum } from './normalize-rows.js';

const rows = [[3, -4, 1], [0.5, 0.25, -2], [0, 0, 0], [1, 2, 3]]; // prettier-ignore
const close = { relative: 1e-5, absolute: 1e-7 };
const weights = () => tensor2d([[1, -2, 3], [0.5, 4, 1], [2, 1, -1], [-1, 0, 2]]); // prettier-ignore

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each([
    ['rowsToUnitLength', rowsToUnitLength, float64.length],
    ['rowsToUnitSum', rowsToUnitSum, float64.absoluteSum],
  ] as const)('%s', (_name, normalize, norm) => {
    const weighted = (x: Tensor): Tensor => mul(normalize(x), weights());
    const expected = rows.map((row) => row.map((x) => (norm(row) === 0 ? 0 : x / norm(row))));

    it('divides each row by its size, and leaves a row of zeros', async () => {
      expectClose(await normalize(tensor2d(rows)).data(), expected, close);
    });

    it('has the gradient of central differences, and none for a row of zeros', async () => {
      const gradient = Array.from(await grad(weighted)(tensor2d(rows)).data());
      const numeric = numericGradient(weighted, tensor2d(rows), 3e-3).toSpliced(6, 3, 0, 0, 0);
      expectClose(gradient, numeric, { relative: 5e-3, absolute: 1e-3 });
      expectClose(gradient.slice(6, 9), [0, 0, 0], { relative: 0, absolute: 0 });
    });

    // Beyond this, gradients are subnormal numbers, which TensorFlow treats as zero.
    const largest = backend === 'tensorflow' ? 1e30 : 1e37;
    it.each([1e-28, 1e-12, 1e12, largest])('is the same for rows of the size %d', async (scale) => {
      const x = mul(tensor2d(rows), scale);
      expectClose(await normalize(x).data(), expected, close);
      const gradient = await grad(weighted)(x).data();
      const plain = await grad(weighted)(tensor2d(rows)).array();
      expectClose(
        Array.from(gradient, (slope) => slope * scale),
        plain,
        { relative: 1e-4, absolute: 1e-6 },
      );
    });
  });

  it('rowsToUnitSum keeps the sign of a similarity that is tiny compared with the others', async () => {
    const x = tensor2d([[1, 1e-8, -1e-8]]);
    const gradient = grad((z: Tensor) => rowsToUnitSum(z))(x, tensor2d([[1, 0, 0]]));
    expectClose(await gradient.data(), [0, -1, 1], { relative: 1e-6, absolute: 1e-6 });
  });
});

describe.each([rowsToUnitLength, rowsToUnitSum])('%o refuses', (normalize) => {
  beforeAll(() => useBackend('cpu'));

  itRefuses(
    [
      ['int32', () => ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,3]'],
      ['a row', () => ones([3]), 'KD_TENSOR_SHAPE', '[3]'],
      ['several matrices', () => ones([2, 3, 3]), 'KD_TENSOR_SHAPE', '[2,3,3]'],
      ['no columns', () => zeros([3, 0]), 'KD_TENSOR_SHAPE', '[3,0]'],
    ],
    normalize,
    normalize.name,
    'similarities',
  );
});
