import { useBackend } from '@kd/testing';
import { add, grad, log, sum, tensor1d, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { selected } from './index.js';

await useBackend('cpu');

const values = tensor3d([[[1, NaN], [3, 4]], [[Infinity, NaN], [NaN, 8]]]); // prettier-ignore

describe('selected', () => {
  it('keeps rows, positions or numbers whose count is above zero, and zeros the others', () => {
    expect(selected(values, tensor1d([0, 1])).arraySync()).toEqual([[[0, 0], [0, 0]], [[Infinity, NaN], [NaN, 8]]]); // prettier-ignore
    expect(selected(values, tensor2d([[0, 0.5], [0, 0]])).arraySync()).toEqual([[[0, 0], [3, 4]], [[0, 0], [0, 0]]]); // prettier-ignore
    const each = selected(values, tensor3d([[[1, 0], [1, 1]], [[0, 0], [0, 1]]])); // prettier-ignore
    expect(each.arraySync()).toEqual([[[1, 0], [3, 4]], [[0, 0], [0, 8]]]); // prettier-ignore
  });

  it('stops NaN in the backward pass too', () => {
    const gradient = grad((x: Tensor) => sum(log(add(selected(x, tensor1d([1, 0])), tensor1d([0, 1])))));
    expect(gradient(tensor1d([2, NaN])).arraySync()).toEqual([0.5, 0]);
  });
});
