// All substitutions of all calls, in an order that depends only on the seed.
import { seededRandom } from '../seeded-random.js';
import { disposeAll } from './dispose.js';
import { hostileValues } from './hostile/index.js';
import type { Call } from './judge.js';
import { describePlace, placesOf, replaced } from './places.js';
import type { Place } from './places.js';
import { exportedFunctions, publicEntries } from './public-exports.js';
import type { ValidCall } from './valid-call.js';
import { validCalls } from './valid-calls/index.js';

/** One valid call of an export. */
export interface Callable {
  /** `@kd/trainer train`. */
  readonly name: string;
  readonly target: object;
  readonly valid: ValidCall;
}

/** One hostile value in one place of a valid call. */
export interface Attempt {
  readonly callable: Callable;
  readonly place: Place;
  readonly value: string;
}

export async function callables(): Promise<Callable[]> {
  const found: Callable[] = [];
  // An entry may need the test runner that it adds tests to.
  const called = (entry: string): boolean =>
    Object.values(validCalls[entry] ?? {}).some((given) => !('notCalled' in given));
  for (const entry of publicEntries().filter(called))
    for (const [name, target] of await exportedFunctions(entry)) {
      const given = validCalls[entry]?.[name];
      if (given === undefined || 'notCalled' in given) continue;
      const valid = (typeof given === 'function' ? { args: given } : given) as ValidCall;
      found.push({ name: `${entry} ${name}`, target, valid });
    }
  return found;
}

export async function planOf(seed: number, only: string): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const callable of await callables()) {
    if (!callable.name.includes(only)) continue;
    const args = await callable.valid.args();
    for (const place of placesOf(args, callable.valid.checked))
      for (const value of Object.keys(hostileValues)) attempts.push({ callable, place, value });
    disposeAll(args);
  }
  const random = seededRandom(seed);
  return attempts
    .map((attempt) => ({ attempt, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ attempt }) => attempt);
}

export async function callOf({ callable, place, value }: Attempt): Promise<Call> {
  const change = hostileValues[value] ?? (() => undefined);
  const valid = await callable.valid.args();
  const changed = replaced(valid, place, change) as readonly unknown[];
  return { ...callable.valid, target: callable.target, args: changed };
}

export function describeAttempt({ callable, place, value }: Attempt): string {
  return `${callable.name}, ${describePlace(place)} = ${value}`;
}
