import { expectClose } from '@kd/testing';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** NaN as JavaScript writes it, and as x86 produces it for Infinity - Infinity, with the sign bit set. */
export const notANumbers: readonly number[] = [0x7fc00000, 0xffc00000];

/** A tensor in which every NaN has these bits. */
export function withBits(values: readonly number[], bits: number, shape: readonly number[]): Tensor {
  const floats = Float32Array.from(values);
  const words = new Uint32Array(floats.buffer);
  values.forEach((value, index) => {
    if (Number.isNaN(value)) words[index] = bits;
  });
  return tensor(floats, [...shape]);
}

/** Expects the numbers of a tensor: NaN and infinities exactly, the others approximately. */
export async function expectNumbers(output: Tensor, expected: readonly number[], what = ''): Promise<void> {
  const values = Array.from(await output.data());
  const where = (keeps: (x: number) => boolean) => (x: number) => (keeps(x) ? x : 0);
  const special = where((x) => !Number.isFinite(x));
  expect(values.map(special), what).toEqual(expected.map(special));
  const finite = where(Number.isFinite);
  expectClose(values.map(finite), expected.map(finite), { relative: 1e-5, absolute: 1e-6 });
}
