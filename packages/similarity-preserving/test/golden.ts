import { readFileSync } from 'node:fs';

/** Features `[B, ...]` as they are written in the golden files: nested lists of any depth. */
export type Features = number[] | Features[];

/** A case of a golden file: what the reference implementation of a method makes of some inputs. */
export interface GoldenCase<Params> {
  readonly name: string;
  readonly params: Params;
  readonly inputs: { readonly student: Features; readonly teacher: Features };
  readonly expected: { readonly loss: number; readonly gradStudent: Features };
}

interface GoldenFile<Params> {
  readonly cases: GoldenCase<Params>[];
  readonly degenerate?: (Omit<GoldenCase<Params>, 'expected'> & {
    readonly what: { readonly loss: number };
  })[];
}

function read<Params>(method: string): GoldenFile<Params> {
  const text = readFileSync(new URL(`../src/golden/${method}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as GoldenFile<Params>;
}

/** The cases of a golden file. */
export function goldenCases<Params = object>(method: string): readonly GoldenCase<Params>[] {
  return read<Params>(method).cases;
}

/** The cases whose gradient explodes in the reference. */
export function degenerateCases(method: string): NonNullable<GoldenFile<object>['degenerate']> {
  return read<object>(method).degenerate ?? [];
}
