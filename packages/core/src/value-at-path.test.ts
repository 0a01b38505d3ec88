import { expect, it } from 'vitest';
import { valueAtPath } from './value-at-path.js';

const value = (paths: readonly string[], path: string): string | undefined =>
  valueAtPath(Object.fromEntries(paths.map((each) => [each, each])), path);

it.each<[string, string[], string | undefined]>([
  ['a/b/kernel', ['a', 'a/b'], 'a/b'],
  ['a/b/kernel', ['a/b', 'a'], 'a/b'],
  ['a/b/kernel', ['a/b/kernel', 'a/b', 'a'], 'a/b/kernel'],
  ['a/c/kernel', ['a', 'a/b'], 'a'],
  ['a_1/kernel', ['a'], undefined],
  ['b/a/kernel', ['a'], undefined],
  ['a', ['a/b'], undefined],
])('the value for %s among %j is %s', (path, paths, expected) => {
  expect(value(paths, path)).toBe(expected);
});
