import { describeValue, KdError } from '@kd/core';
import type { Batch, OutputDescription } from '@kd/core';
import { dispose, Tensor, tensor } from '@tensorflow/tfjs-core';
import { checkAnswerShape, rowsOf } from '../check-answer.js';
import { checkValues } from '../check-convention.js';
import { ownTensors } from '../own-tensors.js';

/** Rows of an answer, as nested lists of numbers. */
export type Rows = readonly (ArrayLike<number> | Rows)[];

/**
 * A function's answer: a float32 tensor, which the teacher then owns, one row per example, or all rows in one
 * typed array.
 */
export type FunctionAnswer = Tensor | Rows | Float32Array | Float64Array;

/** Frees an unused answer, except for tensors of the batch. */
export function releaseAnswer(answer: FunctionAnswer, batch: Batch): void {
  if (answer instanceof Tensor && !Object.values(batch.inputs).includes(answer)) dispose(answer);
}

/** Converts an answer to a tensor; throws if its shape or its numbers contradict the description. */
export async function answerTensor(
  where: string,
  answer: FunctionAnswer,
  batch: Batch,
  described: OutputDescription,
  check: (output: Tensor, described: OutputDescription, rows: number | undefined) => Promise<void>,
): Promise<Tensor> {
  const rows = rowsOf(batch);
  if (answer instanceof Tensor) {
    try {
      await check(answer, described, rows);
    } catch (error) {
      releaseAnswer(answer, batch);
      throw error;
    }
    return ownTensors([answer], Object.values(batch.inputs))[0] as Tensor;
  }
  const { values, shape } = ArrayBuffer.isView(answer)
    ? flat(answer, described, rows)
    : nested(where, answer);
  checkAnswerShape(where, shape, described.shape, rows);
  // These numbers are in JavaScript's memory, so every answer is checked, not only the first.
  checkValues(where, values, shape, described.convention);
  return tensor(Float32Array.from(values), shape);
}

/** All rows in one array; the description gives its shape. */
function flat(
  values: ArrayLike<number>,
  { shape }: OutputDescription,
  rows: number | undefined,
): { values: ArrayLike<number>; shape: number[] } {
  const rowShape = shape.slice(1).map((size) => size ?? NaN);
  const length = rowShape.reduce((product, size) => product * size, 1);
  const known = values.length / length;
  return { values, shape: Number.isInteger(known) ? [known, ...rowShape] : [rows ?? 0, values.length] };
}

function nested(where: string, answer: unknown): { values: number[]; shape: number[] } {
  const shape: number[] = [];
  const values: number[] = [];
  const visit = (value: unknown, depth: number, place: string): void => {
    if (typeof value === 'number' && depth > 0 && depth === (shape.length || depth)) {
      values.push(value);
      return;
    }
    const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
    const list = isList ? (value as ArrayLike<unknown>) : undefined;
    if (list === undefined || list.length === 0 || (shape[depth] ?? list.length) !== list.length) {
      throw notRows(where, place, shape[depth], value);
    }
    // The first list at each depth sets the length of all others, and the first number sets the depth.
    if (values.length === 0 && shape.length === depth) shape.push(list.length);
    for (let index = 0; index < list.length; index++)
      visit(list[index], depth + 1, `${place}[${String(index)}]`);
  };
  visit(answer, 0, 'its answer');
  return { values, shape };
}

function notRows(where: string, place: string, length: number | undefined, value: unknown): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: place,
    expected:
      length === undefined
        ? 'a tensor or lists of numbers, one row per example'
        : `a list of ${String(length)}, like the first one`,
    received: Array.isArray(value) ? `a list of ${String(value.length)}` : describeValue(value),
    remedy: 'Answer with a float32 tensor, or with one list of numbers per example.',
  });
}
