import { defineModule, seededNormal, seededUniform, subSeed, unitVectors } from '@kd/core';
import type { Module, TapPairReads, ValueInfo } from '@kd/core';
import {
  add,
  expandDims,
  gather,
  greater,
  mul,
  scalar,
  sub,
  tensorScatterUpdate,
  variable,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { rowsByClass } from './negative-rows.js';
import type { RowsByClass } from './negative-rows.js';

export const sides = ['student', 'teacher'] as const;
export type Side = (typeof sides)[number];

/** Two embeddings that are trained, what they said of each row of the data set, and the constants Z. */
export type Bank = Readonly<Record<`${Side}${'Kernel' | 'Bias' | 'Memory' | 'Normalizer'}`, Variable>> &
  RowsByClass;

/** What a step teaches the bank. */
export type News = Readonly<Record<Side | `${Side}Normalizer` | 'rows' | 'counts', Tensor>>;

/** How a bank begins. */
export interface BankOptions {
  readonly dimension: number;
  readonly normalizer: number | undefined;
  readonly labels: ArrayLike<number> | undefined;
}

/** What a module of a bank reads. */
export type BankReads = TapPairReads & { readonly rows: true };

/** A bank as a module. Embeddings start as a linear layer of PyTorch, rows as random vectors of length 1. */
export function bankModule(
  name: string,
  reads: BankReads,
  { dimension, normalizer = 0, labels }: BankOptions,
): Module<Bank & Readonly<Record<string, Variable | Tensor>>> {
  return defineModule({
    name,
    reads,
    build: ({ student, teacher, datasetSize, seed }) => {
      const uniform = (shape: number[], inputs: number, part: string): Variable =>
        variable(mul(sub(mul(seededUniform(shape, seed, subSeed(0, part)), 2), 1), 1 / Math.sqrt(inputs)));
      const memory = (part: string): Variable =>
        variable(unitVectors(seededNormal([datasetSize, dimension], seed, subSeed(0, part)), 1), false);
      const [ofStudent, ofTeacher] = [lengthOf(student.features), lengthOf(teacher.features)];
      return {
        studentKernel: uniform([ofStudent, dimension], ofStudent, 'student kernel'),
        studentBias: uniform([dimension], ofStudent, 'student bias'),
        teacherKernel: uniform([ofTeacher, dimension], ofTeacher, 'teacher kernel'),
        teacherBias: uniform([dimension], ofTeacher, 'teacher bias'),
        studentMemory: memory('student memory'),
        teacherMemory: memory('teacher memory'),
        // Zero: not known yet.
        studentNormalizer: variable(scalar(normalizer) as Tensor, false),
        teacherNormalizer: variable(scalar(normalizer) as Tensor, false),
        ...rowsByClass(datasetSize, labels),
      };
    },
  });
}

function lengthOf({ shape }: ValueInfo): number {
  return shape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);
}

/** Moves the rows of a batch towards its embeddings, and keeps the first Z. */
export function remember(bank: Bank, news: News, momentum: number): void {
  for (const side of sides) {
    const [memory, normalizer] = [bank[`${side}Memory`], bank[`${side}Normalizer`]];
    const old = gather(memory, news.rows);
    const moved = add(old, mul(sub(news[side], old), mul(news.counts, 1 - momentum)));
    // On cpu tfjs writes into the first argument, so it gets a copy.
    memory.assign(tensorScatterUpdate(add(memory, 0), expandDims(news.rows, 1), unitVectors(moved, 1)));
    // Of several batches in a step, the first one counts.
    normalizer.assign(where(greater(normalizer, 0), normalizer, news[`${side}Normalizer`]));
  }
}
