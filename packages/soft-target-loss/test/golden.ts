import { goldenFile } from '@kd/testing';
import type { GoldenCase } from '@kd/testing';

/** Nested lists of numbers, as golden files store tensors. */
export type Numbers = number[][];

type Case<Params, Inputs> = GoldenCase<Params, Inputs, Numbers> & {
  readonly expected: { readonly outputs?: { readonly teacherProbabilities: Numbers } };
};

/** All cases of a golden file. */
export function goldenCases<Params, Inputs = { readonly student: Numbers; readonly teacher: Numbers }>(
  method: string,
): readonly Case<Params, Inputs>[] {
  return (goldenFile(`soft-target-loss/${method}`) as { cases: Case<Params, Inputs>[] }).cases;
}

/** How the references reduce one number per example to a single number. */
export type Reduction = 'mean' | 'sum' | 'batchmean';
