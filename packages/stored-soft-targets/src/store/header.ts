import { KdError } from '@kd/core';
import type { Tap, TeacherDescription } from '@kd/core';
import { hasSequences } from '../files/columns.js';
import { classesOf } from '../files/row-shape.js';
import type { SetHeader, StoredOutput, StoredTap } from '../files/manifest.js';
import type { Answer } from './ask.js';
import { where } from './options.js';
import type { StoreOptions } from './options.js';
import { ofOutput } from './outputs-to-store.js';
import type { AnsweredValue } from './read-value.js';
import { checkBelowClasses, checkTopK, topKByName } from './top-k.js';

/** What is known about a set before its teacher runs. */
export interface HeaderOfTeacher extends Pick<SetHeader, 'teacher' | 'values'> {
  readonly outputs: Readonly<Record<string, Omit<StoredOutput, 'rowShape' | 'type'>>>;
  readonly taps?: readonly Pick<StoredTap, 'tap' | 'activation'>[];
}

/** The part of a header that follows from the options and the teacher's description. */
export function headerOfTeacher(
  { fingerprint, frozen, taps: infos }: TeacherDescription,
  outputs: TeacherDescription['outputs'],
  taps: readonly Tap[],
  options: StoreOptions,
): HeaderOfTeacher {
  if (!frozen) {
    throw new KdError({
      code: 'KD_TEACHER_OUTPUT',
      where,
      argument: 'options.teacher',
      expected: 'frozen',
      received: 'a teacher that is not frozen',
      remedy: 'Run a teacher whose answers change in every step instead of storing it.',
    });
  }
  const topK = topKByName(options.topK, Object.keys(outputs));
  const stored = Object.entries(outputs).map(([name, { convention, classes, shape }]) => {
    const k = topK[name];
    if (k !== undefined) checkTopK(k, { convention, shape });
    return [name, { convention, ...(classes && { classes }), ...(k !== undefined && { topK: k }) }] as const;
  });
  return {
    teacher: { fingerprint },
    outputs: Object.fromEntries(stored),
    ...(taps.length > 0 && { taps: taps.map((tap, index) => ({ tap, ...activationOf(infos[index]) })) }),
    values: { dtype: options.dtype ?? 'float32' },
  };
}

function activationOf(info: TeacherDescription['taps'][number] | undefined): { activation?: string } {
  return info?.activation === undefined ? {} : { activation: info.activation };
}

/** The whole header, completed from the first answer. */
export function headerOf({ teacher, outputs, taps, values }: HeaderOfTeacher, answer: Answer): SetHeader {
  const stored = Object.entries(outputs).map(([name, output]) => {
    const whole = { ...output, ...formOf(answer.outputs[name]) };
    checkBelowClasses(whole);
    checkClassNames(name, whole);
    return [name, whole] as const;
  });
  const completed = {
    outputs: Object.fromEntries(stored),
    ...(taps && { taps: taps.map((tap, index) => ({ ...tap, ...formOf(answer.taps[index]) })) }),
  };
  return {
    formatVersion: hasSequences(completed) ? 3 : 2,
    teacher,
    ...completed,
    members: answer.weights.map((weight) => ({ weight })),
    values,
  };
}

function formOf(answered: AnsweredValue | undefined): Pick<StoredOutput, 'rowShape' | 'type'> {
  const { rowShape, isInt32 } = answered as AnsweredValue;
  return { rowShape, ...(isInt32 && { type: 'int32' }) };
}

function checkClassNames(name: string, { classes: names, rowShape }: StoredOutput): void {
  const { classes } = classesOf({ rowShape });
  if (names === undefined || names.length === classes) return;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: `the classes that the teacher describes${ofOutput(name)}`,
    expected: `${String(classes)}, one for each number on the last axis`,
    received: String(names.length),
    remedy: "Compare the teacher's describe() with the result of its predict().",
  });
}
