// The loss by the definitions of the paper, in float64 and for one example: what the float32 one is compared
// with.
import { adaptivePool } from '@kd/testing/float64';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Features of one example, `[H][W][C]`. */
export type Example = readonly (readonly (readonly number[])[])[];

/** The examples of feature maps `[B, H, W, C]`. */
export async function examplesOf(features: Tensor): Promise<readonly Example[]> {
  return (await features.array()) as number[][][][];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Zagoruyko and Komodakis 2017, section 3.1: `F_sum^p`, as a vector of length 1. */
export function attentionMap(features: Example, power: number): number[] {
  const strengths = features.flat().map((f) => sum(f.map((x) => Math.abs(x) ** power)));
  const length = Math.sqrt(sum(strengths.map((q) => q * q)));
  return strengths.map((q) => (length === 0 ? 0 : q / length));
}

/** Eq. 2 for one pair of layers, without β / 2. */
export function attentionTransfer(teacher: Example, student: Example, power: number): number {
  const height = Math.min(teacher.length, student.length);
  const width = Math.min(teacher[0]?.length ?? 0, student[0]?.length ?? 0);
  const [t, s] = [teacher, student].map((each) => attentionMap(adaptivePool(each, height, width), power));
  return Math.sqrt(sum((t ?? []).map((q, index) => (q - (s?.[index] ?? NaN)) ** 2)));
}
