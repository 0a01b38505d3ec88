import type { InMemoryData } from '@kd/data';
import type { Batch, Convention, Teacher } from '@kd/core';
import { softmax, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The length of each input. */
export const inputWidth = 3;

/** Logit `index` of member `member` for input `x`: any function that tells examples apart. */
export function logitOf(x: ArrayLike<number>, index: number, member = 0): number {
  return Math.fround(5 * Math.sin((x[0] ?? 0) * (index + 1) + (x[1] ?? 0) + member));
}

export interface TeacherOptions {
  readonly classes?: number;
  readonly weights?: readonly number[];
  readonly convention?: Convention;
  readonly fingerprint?: string;
  readonly onAsk?: (batch: Batch) => void;
}

/** A teacher that computes `logitOf`. */
export function sineTeacher({
  classes = 4,
  weights = [1],
  convention = 'logits',
  fingerprint = 'sines',
  onAsk,
}: TeacherOptions = {}): Teacher {
  return {
    describe: ({ taps }) =>
      Promise.resolve({
        outputs: { output: { convention, shape: [null, classes] } },
        taps: taps.map(() => ({ shape: [null] })),
        fingerprint,
        frozen: true,
      }),
    predict: async (batch) => {
      onAsk?.(batch);
      const input = Object.values(batch.inputs)[0] as Tensor;
      const rows = input.shape[0];
      const x = await input.data();
      const members = weights.map((weight, member) => {
        const logits = Float32Array.from({ length: rows * classes }, (_, at) => {
          const row = Math.floor(at / classes);
          return logitOf(x.subarray(row * inputWidth, (row + 1) * inputWidth), at % classes, member);
        });
        const output = tidy(() => {
          const given = tensor(logits, [rows, classes]);
          return convention === 'probabilities' ? softmax(given) : given;
        });
        return { outputs: { output }, weight };
      });
      return { members, taps: [] };
    },
  };
}

/** The input of example `row`. */
export function inputOf(row: number): number[] {
  return [Math.fround(row * 0.37), Math.fround(Math.cos(row)), row];
}

/** `n` examples with ids, from example `first` on. */
export function examples(
  n: number,
  first = 0,
): InMemoryData & { inputs: { values: Float32Array; shape: number[] }; ids: string[] } {
  const rows = Array.from({ length: n }, (_, row) => first + row);
  return {
    inputs: { values: Float32Array.from(rows.flatMap(inputOf)), shape: [n, inputWidth] },
    ids: rows.map((row) => `img-${String(row)}`),
  };
}

/** A batch of the given examples. */
export function batchOf(rows: readonly number[]): Batch & { ids: string[] } {
  return {
    inputs: { x: tensor(rows.flatMap(inputOf), [rows.length, inputWidth], 'float32') },
    ids: rows.map((row) => `img-${String(row)}`),
  };
}

/** The teacher's outputs for the given examples. */
export function logitsOf(rows: readonly number[], classes = 4, member = 0): number[] {
  return rows.flatMap((row) =>
    Array.from({ length: classes }, (_, index) => logitOf(inputOf(row), index, member)),
  );
}

/** Runs `body` with a temporary directory. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kd-targets-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
