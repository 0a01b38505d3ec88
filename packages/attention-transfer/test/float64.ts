// The loss by the definitions of the paper, in float64 and for one example: what the float32 one is compared
// with.
import type { Tensor } from '@tensorflow/tfjs-core';

/** Features of one example, `[H][W][C]`. */
export type Example = readonly (readonly (readonly number[])[])[];

/** The examples of feature maps `[B, H, W, C]`. */
export async function examplesOf(features: Tensor): Promise<readonly Example[]> {
  return (await features.array()) as number[][][][];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Which of `from` rows cell `cell` of `to` takes the mean of. */
function cellOf(cell: number, from: number, to: number): [start: number, end: number] {
  return [Math.floor((cell * from) / to), Math.ceil(((cell + 1) * from) / to)];
}

/** Adaptive average pooling, by the definition. */
export function pool(features: Example, height: number, width: number): number[][][] {
  const [fullHeight, fullWidth] = [features.length, features[0]?.length ?? 0];
  const channels = features[0]?.[0]?.length ?? 0;
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) => {
      const positions = features
        .slice(...cellOf(row, fullHeight, height))
        .flatMap((line) => line.slice(...cellOf(column, fullWidth, width)));
      return Array.from({ length: channels }, (___, channel) =>
        mean(positions.map((f) => f[channel] ?? NaN)),
      );
    }),
  );
}

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
  const [t, s] = [teacher, student].map((each) => attentionMap(pool(each, height, width), power));
  return Math.sqrt(sum((t ?? []).map((q, index) => (q - (s?.[index] ?? NaN)) ** 2)));
}
