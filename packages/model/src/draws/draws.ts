import type { Tensor } from '@tensorflow/tfjs-core';
import { seededNormal, seededUniform, seedNumber, subSeed } from '@kd/core';
import type { Seed } from '@kd/core';

/** The random numbers of one layer in one run. Each call draws others. */
export interface Draws {
  /** In [0, 1). */
  readonly uniform: (shape: readonly number[]) => Tensor;
  /** Standard normal. */
  readonly normal: (shape: readonly number[]) => Tensor;
  /** A number in [0, 1) for JavaScript. It needs the seed as a number, so it reads it. */
  readonly number: () => number;
}

/** The draws from a seed at a place: the first, the second, ... at places of their own below it. */
export function drawsAt(seed: Seed, place: number): Draws {
  let drawn = 0;
  let read: number | undefined;
  const next = (): number => subSeed(0, place, drawn++);
  return {
    uniform: (shape) => seededUniform(shape, seed, next()),
    normal: (shape) => seededNormal(shape, seed, next()),
    number: () => subSeed((read ??= seedNumber(seed)), next()) / 2 ** 31,
  };
}
