import { conventions, describeTap, describeValue, KdError, onlyOutput, optionFault } from '@kd/core';
import type { OutputInfo, Tap, TeacherDescription } from '@kd/core';
import { classesOf } from '../files/row-shape.js';
import type { SetHeader, StoredOutput, StoredTap } from '../files/manifest.js';
import { where } from './options.js';
import type { StoreOptions } from './options.js';
import type { Answer, AnsweredValue } from './ask.js';

/** What is known about a set before its teacher runs. */
export interface HeaderOfTeacher extends Pick<SetHeader, 'teacher' | 'values'> {
  readonly outputs: Readonly<Record<string, Omit<StoredOutput, 'rowShape' | 'type'>>>;
  readonly taps?: readonly Pick<StoredTap, 'tap' | 'activation'>[];
}

/** The names of the outputs to store; throws `KD_OUTPUT_UNKNOWN` for one that the teacher lacks. */
export function outputsToStore(
  { outputs }: Pick<TeacherDescription, 'outputs'>,
  { outputs: wanted, taps = [] }: StoreOptions,
): TeacherDescription['outputs'] {
  const known = Object.keys(outputs);
  const names = [...new Set(wanted ?? known)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownOutput('options.outputs', unknown, known);
  if (names.length === 0 && taps.length === 0) {
    const at = { where, argument: 'options.outputs' };
    throw optionFault(
      'TYPE',
      at,
      'at least one output or tap',
      wanted,
      `Choose some of ${known.join(', ')}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, outputs[name] as OutputInfo]));
}

function unknownOutput(argument: string, name: string, known: readonly string[]): KdError {
  return new KdError({
    code: 'KD_OUTPUT_UNKNOWN',
    where,
    argument,
    expected: `outputs among ${known.join(', ')}`,
    received: JSON.stringify(name),
    remedy: 'Use the names that the teacher describes.',
  });
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

function topKByName(
  topK: StoreOptions['topK'],
  names: readonly string[],
): Readonly<Record<string, number | undefined>> {
  if (topK === undefined) return {};
  if (typeof topK === 'number') {
    const [only] = names;
    if (only !== undefined && names.length === 1) return { [only]: topK };
    const remedy = `Write topK: { ${only ?? onlyOutput}: ${String(topK)} }.`;
    const expected = 'numbers by name of the output, unless there is one output';
    throw optionFault('TYPE', { where, argument: 'options.topK' }, expected, topK, remedy);
  }
  const unknown = Object.keys(topK).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownOutput('options.topK', unknown, names);
  return topK;
}

function checkTopK(topK: number, { convention, shape }: Pick<OutputInfo, 'convention' | 'shape'>): void {
  const isDistribution = conventions[convention].family === 'classes';
  if (isDistribution && shape.length >= 2) return;
  throw new KdError({
    code: isDistribution ? 'KD_TEACHER_OUTPUT' : 'KD_TEACHER_CONVENTION',
    where,
    argument: 'options.topK',
    expected: 'absent unless the teacher gives distributions over classes, [B, ..., N]',
    received: `${String(topK)} with ${isDistribution ? `outputs of rank ${String(shape.length)}` : `the convention ${JSON.stringify(convention)}`}`,
    remedy: 'Omit topK to store all outputs. The dtype "float16" halves their size.',
  });
}

/** The whole header, completed from the first answer. */
export function headerOf({ teacher, outputs, taps, values }: HeaderOfTeacher, answer: Answer): SetHeader {
  const stored = Object.entries(outputs).map(([name, output]) => {
    const completed = { ...output, ...formOf(answer.outputs[name]) };
    checkBelow(completed);
    checkClassNames(name, completed);
    return [name, completed] as const;
  });
  return {
    formatVersion: 2,
    teacher,
    outputs: Object.fromEntries(stored),
    ...(taps && { taps: taps.map((tap, index) => ({ ...tap, ...formOf(answer.taps[index]) })) }),
    members: answer.weights.map((weight) => ({ weight })),
    values,
  };
}

function formOf(answered: AnsweredValue | undefined): Pick<StoredOutput, 'rowShape' | 'type'> {
  const { rowShape, isInt32 } = answered as AnsweredValue;
  return { rowShape, ...(isInt32 && { type: 'int32' }) };
}

function checkBelow({ topK, rowShape }: StoredOutput): void {
  const { classes } = classesOf({ rowShape });
  if (topK === undefined || topK < classes) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.topK',
    expected: `below the number of classes, ${String(classes)}`,
    received: describeValue(topK),
    remedy: 'Omit it to store all outputs.',
  });
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

function ofOutput(name: string): string {
  return name === onlyOutput ? '' : ` of the output ${JSON.stringify(name)}`;
}

/** Throws `KD_TARGETS_MISMATCH` unless an existing set agrees with the known parts of the header. */
export function checkSameHeader(
  directory: string,
  there: SetHeader,
  wanted: HeaderOfTeacher | SetHeader,
): void {
  const parts = partsOf(there);
  for (const [argument, part] of Object.entries(partsOf(wanted))) {
    const [expected = 'none', received = 'none'] = [parts[argument], part].map((each) =>
      JSON.stringify(each),
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

/** The parts of a header as messages call them; of a header without shapes, those that are known. */
function partsOf(header: HeaderOfTeacher | SetHeader): Readonly<Record<string, unknown>> {
  const { teacher, outputs, taps = [], values } = header;
  const isWhole = 'members' in header;
  const ofOutputs = Object.entries(outputs).map(([name, output]) => {
    const of = ofOutput(name);
    return {
      [`the convention${of}`]: output.convention,
      [`the names of the classes${of}`]: output.classes,
      [`dtype and topK${of}`]: { ...values, topK: output.topK },
      ...(isWhole && { [`the shape of an output${of}`]: (output as StoredOutput).rowShape }),
    };
  });
  return Object.assign(
    {
      'the fingerprint of the teacher': teacher.fingerprint,
      'the outputs': Object.keys(outputs),
      'the taps': taps.map(({ tap }) => describeTap(tap)),
    },
    ...ofOutputs,
    isWhole && {
      'the shapes of the taps': (taps as readonly StoredTap[]).map(({ rowShape }) => rowShape),
      'the weights of the members': header.members,
    },
  ) as Readonly<Record<string, unknown>>;
}
