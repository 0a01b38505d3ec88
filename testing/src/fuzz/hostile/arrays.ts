import type { HostileValues } from './hostile-value.js';

/** A typed array whose memory has gone to another thread. */
function detached(): Float32Array {
  const values = new Float32Array(4);
  structuredClone(values.buffer, { transfer: [values.buffer] });
  return values;
}

export const arrays: HostileValues = {
  '[]': () => [],
  'an array of NaN': () => [NaN, NaN],
  'an array of strings': () => ['a', 'a'],
  'a hole': () => new Array<unknown>(1),
  'a sparse array': () => Object.assign([], { 7: 1 }),
  'nested arrays': () => [[1, [2]], [3]],
  'an array of null': () => [null, null],
  'the valid value in an array': (valid) => [valid],
  'an iterable': () => ({
    *[Symbol.iterator]() {
      yield 1;
    },
  }),
  'an array-like': () => ({ length: 2, 0: 1, 1: 2 }),
  'an array-like of no length': () => ({ length: -1 }),
  'an empty Float32Array': () => new Float32Array(0),
  Float32Array: () => Float32Array.of(1, NaN, 3),
  Float64Array: () => Float64Array.of(1, 2),
  Int8Array: () => Int8Array.of(-1, 2),
  Int32Array: () => Int32Array.of(-1, 5),
  Uint8Array: () => Uint8Array.of(0, 255),
  Uint8ClampedArray: () => Uint8ClampedArray.of(1, 2),
  Uint16Array: () => Uint16Array.of(1, 2),
  BigInt64Array: () => BigInt64Array.of(1n, 2n),
  'a detached Float32Array': detached,
  ArrayBuffer: () => new ArrayBuffer(8),
  DataView: () => new DataView(new ArrayBuffer(8)),
};
