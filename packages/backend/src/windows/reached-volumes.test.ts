import { backends, expectClose, useBackend } from '@kd/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { describe, expect, it, beforeAll } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';

type Volumes = tf.Tensor5D;
type Three = readonly [number, number, number];

const shape = [1, 4, 5, 7, 1] as const;
const x = Float32Array.from({ length: 140 }, (_, index) => ((index * 37) % 141) - 70);

/** What "same" means: as many windows as strides fit in; missing pixels are divided between both ends. */
function windowsOf(size: number, filter: number, stride: number): number[][] {
  const count = Math.ceil(size / stride);
  const before = Math.floor(Math.max(0, (count - 1) * stride + filter - size) / 2);
  return Array.from({ length: count }, (_, window) =>
    Array.from({ length: filter }, (_, tap) => window * stride - before + tap),
  );
}

/** The pixels of each window, with the numbers of their taps. */
function pixels(filter: Three, strides: Three): { place: number; tap: number }[][] {
  const [depths, rows, columns] = [0, 1, 2].map((axis) =>
    windowsOf(shape[axis + 1] as number, filter[axis] as number, strides[axis] as number),
  ) as [number[][], number[][], number[][]];
  const inside = (at: number, axis: number): boolean => at >= 0 && at < (shape[axis] as number);
  return depths.flatMap((depth) =>
    rows.flatMap((row) =>
      columns.map((column) =>
        depth.flatMap((d, i) =>
          row.flatMap((r, j) =>
            column.flatMap((c, k) =>
              inside(d, 1) && inside(r, 2) && inside(c, 3)
                ? [{ place: (d * 5 + r) * 7 + c, tap: (i * filter[1] + j) * filter[2] + k }]
                : [],
            ),
          ),
        ),
      ),
    ),
  );
}

const windows: [Three, Three][] = [
  [[1, 1, 1], [2, 2, 2]], // prettier-ignore
  [[1, 2, 2], [2, 1, 3]], // prettier-ignore
  [[3, 1, 2], [1, 3, 4]], // prettier-ignore
  [[2, 2, 2], [1, 2, 2]], // prettier-ignore
];

describe.each(backends)('on %s, over volumes with padding "same"', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    registerTrainingKernels();
  });

  describe.each(windows)('windows of %j, strides of %j,', (filter, strides) => {
    const at = pixels(filter, strides);
    const volume = (): Volumes => tf.tensor5d(x, [...shape]);
    const dy = (): Volumes => tf.reshape(tf.range(1, at.length + 1), outShape);
    const outShape = [1, ...[0, 1, 2].map((axis) => Math.ceil((shape[axis + 1] as number) / (strides[axis] as number))), 1] as [number, number, number, number, number]; // prettier-ignore
    const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
    /** The sum over all windows of dy times each pixel's share. */
    const spread = (
      shareOf: (window: { place: number; tap: number }[]) => number[],
      size = 140,
    ): number[] => {
      const sums = Array<number>(size).fill(0);
      at.forEach((window, index) => {
        shareOf(window).forEach((share, pixel) => {
          const place = window[pixel]?.place ?? 0;
          sums[place] = (sums[place] as number) + (index + 1) * share;
        });
      });
      return sums;
    };
    const check = (actual: tf.Tensor, expected: number[]): void => {
      expectClose(values(actual), expected, { relative: 1e-5, absolute: 1e-3 });
    };

    it('are averaged', () => {
      const pool = (volumes: tf.Tensor): tf.Tensor =>
        tf.avgPool3d(volumes as Volumes, [...filter], [...strides], 'same');
      const mean = (window: { place: number }[]): number =>
        window.reduce((sum, { place }) => sum + (x[place] as number), 0) / window.length;
      check(pool(volume()), at.map(mean));
      check(
        tf.grad(pool)(volume(), dy()),
        spread((window) => window.map(() => 1 / window.length)),
      );
    });

    it('are searched for their maximum', () => {
      const pool = (volumes: tf.Tensor): tf.Tensor =>
        tf.maxPool3d(volumes as Volumes, [...filter], [...strides], 'same');
      const largest = (window: { place: number }[]): number =>
        Math.max(...window.map(({ place }) => x[place] as number));
      check(pool(volume()), at.map(largest));
      check(
        tf.grad(pool)(volume(), dy()),
        spread((window) => window.map(({ place }) => Number(x[place] === largest(window)))),
      );
    });

    it('are convolved', () => {
      const size = filter[0] * filter[1] * filter[2];
      const weights = Array.from({ length: size }, (_, tap) => tap - 1.5);
      const kernel = tf.tensor5d(weights, [...filter, 1, 1]);
      const convolve = (volumes: tf.Tensor, taps: tf.Tensor): tf.Tensor =>
        tf.conv3d(volumes as Volumes, taps as Volumes, [...strides], 'same');
      const [byInput, byFilter] = tf.grads(convolve)([volume(), kernel], dy()) as [tf.Tensor, tf.Tensor];
      const weightOf = ({ tap }: { tap: number }): number => weights[tap] as number;
      check(
        convolve(volume(), kernel),
        at.map((window) =>
          window.reduce((sum, pixel) => sum + (x[pixel.place] as number) * weightOf(pixel), 0),
        ),
      );
      check(
        byInput,
        spread((window) => window.map(weightOf)),
      );
      const byTap = weights.map((_, tap) =>
        at.reduce((sum, window, index) => {
          const pixel = window.find((other) => other.tap === tap);
          return pixel === undefined ? sum : sum + (index + 1) * (x[pixel.place] as number);
        }, 0),
      );
      check(byFilter, byTap);
      expect(byInput.shape).toEqual([...shape]);
    });
  });
});
