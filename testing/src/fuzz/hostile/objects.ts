import { isPlainObject } from '../places.js';
import { HostileError, throwHostileError } from './hostile-error.js';
import type { HostileValues } from './hostile-value.js';

const objectOf = (valid: unknown): object =>
  Array.isArray(valid) ? [...(valid as unknown[])] : isPlainObject(valid) ? { ...valid } : {};

/** A rejected promise that nobody needs to handle. */
function rejected(): Promise<never> {
  const promise = Promise.reject(new HostileError('rejected'));
  promise.catch(() => undefined);
  return promise;
}

const everyTrap: ProxyHandler<object> = Object.fromEntries(
  ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'].map((trap) => [
    trap,
    throwHostileError,
  ]),
);

export const objects: HostileValues = {
  '{}': () => ({}),
  'Object.create(null)': () => Object.create(null) as unknown,
  'a field too many': (valid) => ({ ...objectOf(valid), hostile: 1 }),
  'without its first field': (valid) => Object.fromEntries(Object.entries(objectOf(valid)).slice(1)),
  'its own __proto__': (valid) =>
    Object.defineProperty(objectOf(valid), '__proto__', { value: { x: 1 }, enumerable: true }),
  frozen: (valid) => Object.freeze(objectOf(valid)),
  'fields inherited': (valid) => Object.create(objectOf(valid)) as unknown,
  'getters that throw': (valid) =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        [...Object.keys(objectOf(valid)), 'x'].map((key) => [
          key,
          { get: throwHostileError, enumerable: true },
        ]),
      ),
    ),
  'a proxy that throws': () => new Proxy({}, everyTrap),
  'a toString that throws': () => ({ toString: throwHostileError, valueOf: throwHostileError }),
  'an object that contains itself': (valid) => {
    const object = objectOf(valid);
    return Object.assign(object, { self: object });
  },
  Map: () => new Map([['a', 1]]),
  Set: () => new Set([1]),
  Date: () => new Date(NaN),
  RegExp: () => /x/g,
  Error: () => new Error('a value'),
  'a promise': (valid) => Promise.resolve(valid),
  'a rejected promise': rejected,
  'an aborted signal': () => AbortSignal.abort(),
};
