import { throwHostileError } from './hostile-error.js';
import type { HostileValues } from './hostile-value.js';

export const functions: HostileValues = {
  'a function that returns undefined': () => () => undefined,
  'a function that returns null': () => () => null,
  'a function that returns NaN': () => () => NaN,
  'a function that returns []': () => () => [],
  'a function that returns {}': () => () => ({}),
  'a function that throws': () => throwHostileError,
  'an async function': () => () => Promise.resolve(1),
  'a generator': () =>
    function* generator() {
      yield 1;
    },
  'a class': () => class Hostile extends Object {},
  'a bound function': () => throwHostileError.bind(null),
};
