import { conventions, describeValue, KdError } from '@kd/core';
import type { Convention, TeacherDescription } from '@kd/core';
import type { SetHeader } from '../files/manifest.js';
import { where } from './options.js';
import type { StoreOptions } from './options.js';
import type { Answer } from './ask.js';

/** What is known about a set before its teacher runs. */
export type HeaderOfTeacher = Pick<SetHeader, 'teacher' | 'values'> & {
  readonly output: Pick<SetHeader['output'], 'convention' | 'classes'>;
};

/** The part of a header that follows from the options and the teacher's description. */
export function headerOfTeacher(
  { fingerprint, frozen, output }: TeacherDescription,
  { dtype = 'float32', topK }: StoreOptions,
): HeaderOfTeacher {
  const { convention, classes, shape } = output;
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
  if (topK !== undefined) checkTopK(topK, convention, shape.length);
  return {
    teacher: { fingerprint },
    output: { convention, ...(classes === undefined ? {} : { classes }) },
    values: { dtype, ...(topK === undefined ? {} : { topK }) },
  };
}

function checkTopK(topK: number, convention: Convention, rank: number): void {
  const isDistribution = conventions[convention].family === 'classes';
  if (isDistribution && rank === 2) return;
  throw new KdError({
    code: isDistribution ? 'KD_TEACHER_OUTPUT' : 'KD_TEACHER_CONVENTION',
    where,
    argument: 'options.topK',
    expected: 'absent unless the teacher gives one distribution over classes for each example, [B, N]',
    received: `${String(topK)} with ${isDistribution ? `outputs of rank ${String(rank)}` : `the convention ${JSON.stringify(convention)}`}`,
    remedy: 'Omit topK to store all outputs. The dtype "float16" halves their size.',
  });
}

/** The whole header, completed from the first answer. */
export function headerOf(
  { teacher, output, values }: HeaderOfTeacher,
  { weights, rowShape }: Answer,
): SetHeader {
  const classes = rowShape.at(-1) ?? 0;
  if (values.topK !== undefined && values.topK >= classes) {
    throw new KdError({
      code: 'KD_OPTION_RANGE',
      where,
      argument: 'options.topK',
      expected: `below the number of classes, ${String(classes)}`,
      received: describeValue(values.topK),
      remedy: 'Omit it to store all outputs.',
    });
  }
  if (output.classes !== undefined && output.classes.length !== classes) {
    throw new KdError({
      code: 'KD_TEACHER_OUTPUT',
      where,
      argument: 'the classes that the teacher describes',
      expected: `${String(classes)}, one for each output`,
      received: String(output.classes.length),
      remedy: "Compare the teacher's describe() with the result of its predict().",
    });
  }
  const members = weights.map((weight) => ({ weight }));
  return { formatVersion: 1, teacher, output: { ...output, rowShape }, members, values };
}

/** Throws `KD_TARGETS_MISMATCH` unless an existing set agrees with the known parts of the header. */
export function checkSameHeader(
  directory: string,
  there: SetHeader,
  wanted: HeaderOfTeacher | SetHeader,
): void {
  const parts = {
    'the fingerprint of the teacher': (header: HeaderOfTeacher | SetHeader) => header.teacher.fingerprint,
    'the convention': (header: HeaderOfTeacher | SetHeader) => header.output.convention,
    'the names of the classes': (header: HeaderOfTeacher | SetHeader) => header.output.classes,
    'dtype and topK': (header: HeaderOfTeacher | SetHeader) => header.values,
    'the shape of an output': (header: HeaderOfTeacher | SetHeader) =>
      'members' in header ? header.output.rowShape : there.output.rowShape,
    'the weights of the members': (header: HeaderOfTeacher | SetHeader) =>
      'members' in header ? header.members : there.members,
  };
  for (const [argument, part] of Object.entries(parts)) {
    const [expected = 'none', received = 'none'] = [there, wanted].map((header) =>
      JSON.stringify(part(header)),
    );
    if (expected === received) continue;
    throw new KdError({
      code: 'KD_TARGETS_MISMATCH',
      where,
      argument,
      expected: `the same as for the set in ${JSON.stringify(directory)}, ${expected}`,
      received,
      remedy: 'Choose another directory for these targets.',
    });
  }
}
