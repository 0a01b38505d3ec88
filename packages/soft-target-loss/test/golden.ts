import { readFileSync } from 'node:fs';

/** Nested lists of numbers, as tensors are written in the golden files. */
export type Numbers = number[][];

/** A case of a golden file: what the reference implementation of a method makes of some inputs. */
export interface GoldenCase<Params, Inputs> {
  readonly name: string;
  readonly params: Params;
  readonly inputs: Inputs;
  readonly expected: {
    readonly loss: number;
    readonly gradStudent: Numbers;
    readonly outputs?: { readonly teacherProbabilities: Numbers };
  };
}

/** All cases of a golden file. */
export function goldenCases<Params, Inputs = { readonly student: Numbers; readonly teacher: Numbers }>(
  method: string,
): readonly GoldenCase<Params, Inputs>[] {
  const text = readFileSync(new URL(`../src/golden/${method}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: GoldenCase<Params, Inputs>[] }).cases;
}

/** How the references make one number of one per example. */
export type Reduction = 'mean' | 'sum' | 'batchmean';
