import { askTeacher, describeShape, describeTap, KdError, tensorsOfAnswer } from '@kd/core';
import type { Shape, Tap, Teacher, TeacherAnswer, TeacherDescription } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { BatchWithIds } from '../data/data-to-store.js';
import { sizeOf } from '../files/row-shape.js';
import { areShares } from '../files/weights.js';
import { where } from './options.js';

/** What a teacher is asked for, with the shapes that it described. */
export interface Question {
  readonly outputs: TeacherDescription['outputs'];
  readonly taps: readonly { readonly tap: Tap; readonly shape: Shape }[];
}

/** A value of an answer, read back. */
export interface AnsweredValue {
  /** Shape for one example. */
  readonly rowShape: readonly number[];
  /** The values of each member, or of a tap, row after row. */
  readonly values: readonly (Float32Array | Int32Array)[];
  readonly isInt32: boolean;
}

/** The answer of a teacher for a batch. */
export interface Answer {
  readonly weights: readonly number[];
  readonly outputs: Readonly<Record<string, AnsweredValue>>;
  readonly taps: readonly AnsweredValue[];
}

/** Asks a teacher for a batch. */
export async function ask(
  teacher: Teacher,
  batch: BatchWithIds,
  { outputs, taps }: Question,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const names = Object.keys(outputs);
  const answer = await askTeacher(teacher, batch, {
    outputs: names,
    taps: taps.map(({ tap }) => tap),
    signal,
  });
  try {
    checkWeights(answer);
    const read: Record<string, AnsweredValue> = {};
    for (const [name, { convention, shape }] of Object.entries(outputs)) {
      const members = answer.members.map((member) => member.outputs[name] as Tensor);
      const what = names.length === 1 ? 'an output' : `the output ${JSON.stringify(name)}`;
      read[name] = await readValue(what, members, batch.ids.length, shape, convention === 'values');
    }
    const tapped: AnsweredValue[] = [];
    for (const [index, { tap, shape }] of taps.entries()) {
      const what = `the tap ${JSON.stringify(describeTap(tap))}`;
      tapped.push(await readValue(what, [answer.taps[index] as Tensor], batch.ids.length, shape, true));
    }
    return { weights: answer.members.map(({ weight }) => weight), outputs: read, taps: tapped };
  } finally {
    dispose(tensorsOfAnswer(answer));
  }
}

function checkWeights({ members }: TeacherAnswer): void {
  const weights = members.map(({ weight }) => weight);
  if (weights.length > 0 && !areShares(weights))
    throw unexpected('weights >= 0 that sum to one', `weights [${weights.join(', ')}]`);
}

async function readValue(
  what: string,
  tensors: readonly Tensor[],
  rows: number,
  described: Shape,
  mayBeInt32: boolean,
): Promise<AnsweredValue> {
  const [first] = tensors as readonly [Tensor];
  const shape = first.shape as number[];
  const dtype = mayBeInt32 && first.dtype === 'int32' ? 'int32' : 'float32';
  for (const tensor of tensors) {
    if (tensor.dtype === dtype && tensor.shape.join() === shape.join()) continue;
    throw unexpected(`${dtype} ${describeShape(shape)}`, `${tensor.dtype} ${describeShape(tensor.shape)}`);
  }
  const [, ...rowShape] = shape;
  const isDescribed =
    described.length === shape.length &&
    rowShape.every((size, axis) => size === (described[axis + 1] ?? size));
  if (shape[0] !== rows || !isDescribed) {
    throw unexpected(`${what} ${describeShape([rows, ...described.slice(1)])}`, describeShape(shape));
  }
  if (sizeOf(rowShape) === 0) throw unexpected(`${what} with numbers for each example`, describeShape(shape));
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32' | 'int32'>()));
  return { rowShape, values, isInt32: dtype === 'int32' };
}

function unexpected(expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'the answer of the teacher',
    expected,
    received,
    remedy: "Compare the teacher's describe() with the result of its predict().",
  });
}
