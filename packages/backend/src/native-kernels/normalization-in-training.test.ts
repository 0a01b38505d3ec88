// Batch normalisation by the statistics of the batch, compared with its formula in float64.
import { fusedKernel } from '@kd/core';
import { expectClose } from '@kd/testing';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { grads, mul, setBackend, sum, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

const isInstalled = await hasTensorflow();
const epsilon = 0.001;
const [scales, offsets] = [[0.5, -2, 3], [1, 0, -1]]; // prettier-ignore
const channels = scales.length;
const wave = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround(5 + 2 * Math.sin(seed + 7 * i ** 1.5)));

/** By the formulas of Ioffe and Szegedy 2015, algorithm 1 and section 3, for one channel. */
function exact(x: readonly number[], dy: readonly number[], scale: number, offset: number) {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / x.length;
  const mu = mean(x);
  const variance = mean(x.map((value) => (value - mu) ** 2));
  const r = 1 / Math.sqrt(variance + epsilon);
  const normalised = x.map((value) => (value - mu) * r);
  const [byOffset, byScale] = [mean(dy), mean(dy.map((d, i) => d * (normalised[i] as number)))];
  return {
    y: normalised.map((value) => scale * value + offset),
    mean: [mu],
    variance: [variance],
    x: dy.map((d, i) => scale * r * (d - byOffset - (normalised[i] as number) * byScale)),
    scale: [byScale * x.length],
    offset: [byOffset * x.length],
  };
}

describe.skipIf(!isInstalled)('on tfjs-node', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each([
    [2, 3],
    [4, 1],
    [1, 1],
  ])('normalises a batch of %i images of %i x 2 pixels', (batch, height) => {
    const rows = batch * height * 2;
    const shape: [number, number, number, number] = [batch, height, 2, channels];
    const [numbers, slopes] = [wave(rows * channels, 1), wave(rows * channels, 2)];
    const [x, dy] = [tensor4d(numbers, shape), tensor4d(slopes, shape)];
    const [scale, offset] = [tensor1d(scales), tensor1d(offsets)];
    const run = (...[x, scale, offset]: Tensor[]): Tensor[] => {
      const inputs = { x, scale, offset } as Record<string, Tensor>;
      return [...(fusedKernel('NormalizationInTraining', inputs, { epsilon }) ?? [])];
    };
    const [y, mean, variance] = tidy(() => run(x, scale, offset).slice(0, 3));
    const slope = grads((...given) => sum(mul(run(...given)[0] as Tensor, dy)));
    const [byX, byScale, byOffset] = slope([x, scale, offset]);
    const received = { y, mean, variance, x: byX, scale: byScale, offset: byOffset };
    const of = (values: readonly number[], channel: number): number[] =>
      values.filter((_, index) => index % channels === channel);
    for (let channel = 0; channel < channels; channel++) {
      const expected = exact(of(numbers, channel), of(slopes, channel), scales[channel] as number, offsets[channel] as number); // prettier-ignore
      for (const [name, values] of Object.entries(expected)) {
        const own = of(Array.from(received[name as 'y']?.dataSync() ?? []), channel);
        expect(own).toHaveLength(values.length);
        expectClose(own, values, { relative: 2e-5, absolute: 2e-5 });
      }
    }
  });
});
