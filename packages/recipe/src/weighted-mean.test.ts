import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { grad, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { weightedMean } from './weighted-mean.js';

await useBackend('cpu');

const losses = [1, 2, 4];
const valueOf = (values: number[], ...weights: (number[] | undefined)[]): number =>
  tidy(() => {
    const given = weights.map((weight) => (weight === undefined ? undefined : tensor1d(weight)));
    return weightedMean(tensor1d(values), given).mean.dataSync()[0] ?? NaN;
  });
const gradientOf = (values: number[], ...weights: number[][]): number[] =>
  Array.from(
    grad(
      (x: Tensor) =>
        weightedMean(
          x,
          weights.map((weight) => tensor1d(weight)),
        ).mean,
    )(tensor1d(values)).dataSync(),
  );
const tolerance = { relative: 1e-6, absolute: 0 };

describe('weightedMean', () => {
  it('is the mean without weights', () => {
    expectClose(valueOf(losses), 7 / 3, tolerance);
    expectClose(valueOf(losses, undefined, undefined), 7 / 3, tolerance);
    expectClose(gradientOf(losses), [1 / 3, 1 / 3, 1 / 3], tolerance);
  });

  it('is sum w l / sum w, with the product of several weights', () => {
    const weights = [0.5, 0, 2];
    expectClose(valueOf(losses, weights), (0.5 + 8) / 2.5, tolerance);
    expectClose(valueOf(losses, undefined, weights), (0.5 + 8) / 2.5, tolerance);
    expectClose(gradientOf(losses, weights), [0.2, 0, 0.8], tolerance);
    expectClose(valueOf(losses, weights, [4, 1, 0.25]), (2 + 2) / 2.5, tolerance);
    expectClose(gradientOf(losses, weights, [4, 1, 0.25]), [0.8, 0, 0.2], tolerance);
  });

  it('returns the sum of the weights too', () => {
    const normalizerOf = (...weights: number[][]): number | undefined =>
      weightedMean(
        tensor1d(losses),
        weights.map((weight) => tensor1d(weight)),
      ).normalizer?.dataSync()[0];
    expect(normalizerOf()).toBe(undefined);
    expect(normalizerOf([0.5, 0, 2])).toBe(2.5);
    expect(normalizerOf([0.5, 0, 2], [4, 1, 0.25])).toBe(2.5);
    expect(normalizerOf([0, 1, 1], [1, 0, 0])).toBe(0);
  });

  it('does not depend on the scale of the weights', () => {
    for (const size of [1e-30, 1, 1e30]) expectClose(valueOf(losses, [size, size, 0]), 1.5, tolerance);
  });

  it.each([NaN, Infinity])('ignores %d in a row without weight', (odd) => {
    expectClose(valueOf([1, odd, 4], [1, 0, 2]), 3, tolerance);
    expectClose(gradientOf([1, odd, 4], [1, 0, 2]), [1 / 3, 0, 2 / 3], tolerance);
    expect(valueOf([1, odd, 4], [1, 1, 2])).toBe(odd);
  });

  it('is zero, with a gradient of zero, if no row has any weight', () => {
    expect(valueOf([1, NaN, 4], [0, 0, 0])).toBe(0);
    expect(gradientOf([1, NaN, 4], [0, 0, 0])).toEqual([0, 0, 0]);
    expect(valueOf(losses, [0, 1, 1], [1, 0, 0])).toBe(0);
    expect(gradientOf(losses, [0, 1, 1], [1, 0, 0])).toEqual([0, 0, 0]);
  });

  it('leaks no tensor', async () => {
    await expectNoLeak(() => {
      valueOf(losses, [1, 2, 3]);
    });
  });
});
