import { ones } from '@tensorflow/tfjs-core';
import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { describeShape, describeValue } from './describe-value.js';

await useBackend('cpu');

describe('describeShape', () => {
  it.each([
    [[], '[]'],
    [[4, 10], '[4,10]'],
    [[null, 8, null], '[?,8,?]'],
    [[0], '[0]'],
  ])('prints %o', (shape, expected) => {
    expect(describeShape(shape)).toBe(expected);
  });
});

describe('describeValue', () => {
  const disposed = ones([2]);
  disposed.dispose();

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [0.1, '0.1'],
    [true, 'true'],
    [5n, '5'],
    [Symbol('name'), 'Symbol(name)'],
    ['', '""'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [[], 'an array of length 0'],
    [[1, [2]], 'an array of length 2'],
    [new Float32Array(3), 'a Float32Array'],
    [new Uint8Array(0), 'a Uint8Array'],
    [{}, 'an object with no keys'],
    [{ a: 1, b: 2 }, 'an object with a, b'],
    [Object.create(null), 'an object with no keys'],
    [() => 1, 'a function'],
    [Math.max, 'the function max'],
    [ones([2, 3]), 'a float32 tensor [2,3]'],
    [disposed, 'a disposed float32 tensor [2]'],
  ])('prints %o as %s', (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });

  it('stays short for an object of many keys', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`key${String(index)}`, index]),
    );
    expect(describeValue(many)).toBe('an object with key0, key1, key2, key3, key4, key5, key6, key7, …');
  });
});
