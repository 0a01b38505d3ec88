import { readFileSync } from 'node:fs';
import { expectClose } from './expect-close.js';

/** A file with results of reference implementations, by package and name: `soft-target-loss/kd`. */
export function goldenFile(name: `${string}/${string}`): unknown {
  const [folder = '', file = ''] = name.split('/');
  const path = new URL(`../../packages/${folder}/src/golden/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The reference implementation's results for some inputs. */
export interface GoldenCase<Params, Inputs, Gradient = unknown> {
  readonly name: string;
  readonly params: Params;
  readonly inputs: Inputs;
  readonly expected: { readonly loss: number; readonly gradStudent: Gradient };
}

/**
 * Expects a value within 1e-5 of the reference, exactly zero where the reference is, and a gradient within
 * 1e-4.
 */
export function expectGolden(
  { value, gradient }: { readonly value: number; readonly gradient: readonly number[] },
  { loss, gradStudent }: GoldenCase<unknown, unknown>['expected'],
): void {
  expectClose(value, loss, { relative: 1e-5, absolute: 0 });
  const largest = Math.max(...([gradStudent].flat(Infinity) as number[]).map(Math.abs));
  expectClose(gradient, gradStudent, { relative: 1e-4, absolute: 2e-7 * largest });
}
