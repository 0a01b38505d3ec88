import { expect, it } from 'vitest';
import { npyOf } from './npy.js';

it('writes a NumPy file, version 1.0', () => {
  const file = npyOf(Uint8Array.of(7, 0, 255, 1, 2, 3), [2, 3]);
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }";
  expect(file.subarray(0, 10)).toEqual(Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'));
  // 10 and 118 add up to 128, where the data begin.
  expect(file.subarray(10, 128).toString()).toBe(`${header}${' '.repeat(117 - header.length)}\n`);
  expect([...file.subarray(128)]).toEqual([7, 0, 255, 1, 2, 3]);
});

it('writes one axis as a tuple of one', () => {
  expect(npyOf(new Uint8Array(4), [4]).toString('latin1')).toContain("'shape': (4,), }");
});
