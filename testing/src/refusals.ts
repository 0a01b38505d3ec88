import { ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { it } from 'vitest';
import { expectKdError } from './expect-kd-error.js';

/** A value that must be refused: its name, the value, the code, and facts in the message. */
export type BadValue = readonly [name: string, value: () => unknown, code: string, ...parts: string[]];

/** Adds a test for each bad value; every message must contain `parts`. */
export function itRefuses(
  values: readonly BadValue[],
  call: (value: never) => unknown,
  ...parts: string[]
): void {
  for (const [name, value, code, ...more] of values)
    it(name, () => expectKdError(() => call(value() as never), code, ...parts, ...more));
}

/** A disposed float32 tensor `[2, 3]`. */
export function disposedTensor(): Tensor {
  const gone = ones([2, 3]);
  gone.dispose();
  return gone;
}

/**
 * A value that tfjs accepts as a tensor although it is not one. One is enough: `checkTensor` has separate
 * tests.
 */
export const noTensors: readonly BadValue[] = [
  ['an array', () => [[1, 2, 3]], 'KD_TENSOR_TYPE', 'an array of length 1'],
];

/** Values that are not a float32 tensor `[B, ..., N]` with `N >= minimum`. */
export function noClassTensors(minimum: number): readonly BadValue[] {
  const few = String(minimum - 1);
  return [
    ...noTensors,
    ['int32', () => ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,3]'],
    ['too few classes', () => ones([2, minimum - 1]), 'KD_TENSOR_SHAPE', `[2,${few}]`],
  ];
}
