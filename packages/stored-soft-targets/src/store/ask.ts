import { askTeacher, describeTap, tensorsOfAnswer } from '@kd/core';
import type { Shape, Tap, Teacher, TeacherAnswer, TeacherDescription } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { BatchWithIds } from '../data/data-to-store.js';
import { isSequence } from '../files/row-shape.js';
import { areShares } from '../files/weights.js';
import { readValue, unlikeDescribed } from './read-value.js';
import type { AnsweredValue } from './read-value.js';
import type { Sequences } from './sequences.js';

/** What a teacher is asked for, with the shapes that it described. */
export interface Question {
  readonly outputs: TeacherDescription['outputs'];
  readonly taps: readonly { readonly tap: Tap; readonly shape: Shape }[];
}

/** The answer of a teacher for a batch. */
export interface Answer {
  readonly weights: readonly number[];
  readonly outputs: Readonly<Record<string, AnsweredValue>>;
  readonly taps: readonly AnsweredValue[];
  /** The length to which sequences are padded. */
  readonly padded: number;
  /** The length of each sequence; undefined if none is padded. */
  readonly lengths: readonly number[] | undefined;
}

/** Asks a teacher for a batch. */
export async function ask(
  teacher: Teacher,
  batch: BatchWithIds,
  { outputs, taps }: Question,
  sequences: Sequences | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const names = Object.keys(outputs);
  const answer = await askTeacher(teacher, batch, {
    outputs: names,
    taps: taps.map(({ tap }) => tap),
    signal,
  });
  let padded = sequences?.padded;
  const valueOf = async (
    what: string,
    tensors: readonly Tensor[],
    described: Shape,
    areValues: boolean,
  ): Promise<AnsweredValue> => {
    const value = await readValue(tensors, { what, described, areValues, rows: batch.ids.length, padded });
    if (isSequence(value.rowShape)) padded = tensors[0]?.shape[1];
    return value;
  };
  try {
    checkWeights(answer);
    const read: Record<string, AnsweredValue> = {};
    for (const [name, { convention, shape }] of Object.entries(outputs)) {
      const members = answer.members.map((member) => member.outputs[name] as Tensor);
      const what = names.length === 1 ? 'an output' : `the output ${JSON.stringify(name)}`;
      read[name] = await valueOf(what, members, shape, convention === 'values');
    }
    const tapped: AnsweredValue[] = [];
    for (const [index, { tap, shape }] of taps.entries()) {
      const what = `the tap ${JSON.stringify(describeTap(tap))}`;
      tapped.push(await valueOf(what, [answer.taps[index] as Tensor], shape, true));
    }
    const weights = answer.members.map(({ weight }) => weight);
    return { weights, outputs: read, taps: tapped, padded: padded ?? 1, lengths: sequences?.lengths };
  } finally {
    dispose(tensorsOfAnswer(answer));
  }
}

function checkWeights({ members }: TeacherAnswer): void {
  const weights = members.map(({ weight }) => weight);
  if (weights.length > 0 && !areShares(weights))
    throw unlikeDescribed('weights >= 0 that sum to one', `weights [${weights.join(', ')}]`);
}
