import { describeValue, KdError } from '@kd/core';
import type { Batch, Named, OutputInfo } from '@kd/core';
import { dispose, Tensor, tensor } from '@tensorflow/tfjs-core';
import { checkAnswerShape, rowsOf } from '../outputs/check-answer.js';
import type { AnswerCheck } from '../outputs/check-answer.js';
import { checkValues } from '../outputs/check-convention.js';
import { ownTensors } from '../own-tensors.js';

/** Rows of an answer, as nested lists of numbers. */
export type Rows = readonly (ArrayLike<number> | Rows)[];

/**
 * A function's answer: a float32 tensor, which the teacher then owns, one row per example, or all rows in one
 * typed array. Values may be int32.
 */
export type FunctionAnswer = Tensor | Rows | Float32Array | Float64Array | Int32Array;

/** Answers for several outputs, by name. */
export type NamedFunctionAnswer = Readonly<Record<string, FunctionAnswer>>;

/** Frees an unused answer, except for tensors of the batch. */
export function releaseAnswer(answer: FunctionAnswer | NamedFunctionAnswer, batch: Batch): void {
  release(answer, Object.values(batch.inputs));
}

function release(answer: unknown, kept: readonly Tensor[]): void {
  dispose(tensorsIn(answer).filter((tensor) => !kept.includes(tensor)));
}

function tensorsIn(answer: unknown): Tensor[] {
  if (answer instanceof Tensor) return [answer as Tensor];
  if (Array.isArray(answer) || ArrayBuffer.isView(answer)) return [];
  return Object.values(Object(answer) as object).filter((value): value is Tensor => value instanceof Tensor);
}

/** Where an answer is checked. */
export interface AnswerContext {
  readonly where: string;
  readonly batch: Batch;
  readonly check: AnswerCheck;
}

/** The wanted outputs of an answer as tensors; throws if one is missing or contradicts its description. */
export async function answerTensors(
  context: AnswerContext,
  answer: FunctionAnswer | NamedFunctionAnswer,
  described: Readonly<Record<string, OutputInfo>>,
  isNamed: boolean,
): Promise<Named> {
  const { where, batch } = context;
  const given = Object.values(batch.inputs);
  const made: [string, Tensor][] = [];
  try {
    for (const [name, info] of Object.entries(described)) {
      const own = isNamed ? answerNamed(where, answer, name) : (answer as FunctionAnswer);
      made.push([name, await answerTensor(context, name, own, info)]);
    }
  } catch (error) {
    release(Object.fromEntries(made), given);
    release(answer, given);
    throw error;
  }
  const tensors = made.map(([, tensor]) => tensor);
  // The function may have answered more than is wanted.
  release(answer, [...given, ...tensors]);
  const owned = ownTensors(tensors, given);
  return Object.fromEntries(made.map(([name], index) => [name, owned[index] as Tensor]));
}

function answerNamed(where: string, answer: unknown, name: string): FunctionAnswer {
  const byName = Object(answer) as NamedFunctionAnswer;
  const own = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (own !== undefined && !(answer instanceof Tensor)) return own;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'its answer',
    expected: `an object with ${JSON.stringify(name)}, because the outputs have names`,
    received: describeValue(answer),
    remedy: 'Answer with an object of all outputs by name: { boxes: ..., classes: ... }.',
  });
}

/** One output as a tensor, which may be one of the batch. */
async function answerTensor(
  { where, batch, check }: AnswerContext,
  name: string,
  answer: FunctionAnswer,
  described: OutputInfo,
): Promise<Tensor> {
  const rows = rowsOf(batch);
  if (answer instanceof Tensor) {
    await check(answer, name, described, rows);
    return answer;
  }
  const { values, shape } = ArrayBuffer.isView(answer)
    ? flat(answer, described, rows)
    : nested(where, answer);
  checkAnswerShape(where, name, shape, described.shape, rows);
  // These numbers are in JavaScript's memory, so every answer is checked, not only the first.
  checkValues(where, values, shape, described.convention);
  const isInt32 = described.convention === 'values' && answer instanceof Int32Array;
  return isInt32 ? tensor(answer.slice(), shape, 'int32') : tensor(Float32Array.from(values), shape);
}

/** All rows in one array; the description gives its shape. */
function flat(
  values: ArrayLike<number>,
  { shape }: OutputInfo,
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
