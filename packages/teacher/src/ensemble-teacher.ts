import { dispose } from '@tensorflow/tfjs-core';
import { checkOptions, describeShape, describeTap, describeValue, KdError } from '@kd/core';
import type { Tap, Teacher, TeacherDescription, TeacherPrediction } from '@kd/core';
import { fingerprintOfTexts } from './fingerprint.js';

/** Options of `ensembleTeacher`. */
export interface EnsembleTeacherOptions {
  /** Weight of each member by its name, >= 0, summing to one; default: equal weights. */
  readonly weights?: Readonly<Record<string, number>>;
}

interface NamedTeacher {
  readonly name: string;
  readonly teacher: Teacher;
  readonly weight: number;
}

const where = 'ensembleTeacher';

/**
 * Several teachers as one, whose members stay apart: the soft term mixes them at its own temperature.
 *
 * A mean of softened outputs is no function of the softened mean (Hinton, Vinyals, Dean 2015, section 2). Ensembles nest.
 *
 * @param members teachers by name, at least one; they must agree about convention and classes
 * @param options the members' weights
 * @returns a `Teacher`; the taps of its members are `name/tap`
 * @throws `KD_BATCH_EMPTY` without members, `KD_WEIGHT_RANGE` for weights that are negative, NaN or do not sum to one;
 *   `describe` rejects with `KD_TEACHER_OUTPUT` if members disagree, `predict` if one of them fails, naming it
 *
 * @example
 * ```ts
 * import { ensembleTeacher, layersTeacher } from '@kd/teacher';
 * import { ones } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = () => tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const teacher = ensembleTeacher(
 *   { first: layersTeacher(model(), { output: 'logits' }), second: layersTeacher(model(), { output: 'logits' }) },
 *   { weights: { first: 0.75, second: 0.25 } },
 * );
 * const { members } = await teacher.predict({ inputs: { x: ones([2, 4]) } }, { taps: [] });
 * console.log(members.map(({ weight }) => weight).join(' '));
 * // 0.75 0.25
 * ```
 */
export function ensembleTeacher(
  members: Readonly<Record<string, Teacher>>,
  options: EnsembleTeacherOptions = {},
): Teacher {
  const teachers = readMembers(members, options);
  return {
    describe: ({ taps }) => describeAll(teachers, taps),
    predict: (batch, { taps, signal }) =>
      predictAll(teachers, taps, (teacher, own) =>
        teacher.predict(batch, { taps: own, ...(signal === undefined ? {} : { signal }) }),
      ),
    dispose: () => {
      for (const { teacher } of teachers) teacher.dispose?.();
    },
  };
}

function readMembers(
  members: Readonly<Record<string, Teacher>>,
  options: EnsembleTeacherOptions,
): NamedTeacher[] {
  checkOptions(where, options, ['weights']);
  const names = typeof members === 'object' ? Object.keys(members) : [];
  if (names.length === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'members',
      expected: 'an object with at least one teacher',
      received: describeValue(members),
      remedy: 'Pass the teachers by name: { wide: layersTeacher(...), deep: layersTeacher(...) }.',
    });
  }
  checkOptions(where, options.weights ?? {}, names, 'options.weights');
  const teachers = names.map((name) => ({
    name,
    teacher: members[name] as Teacher,
    weight: options.weights === undefined ? 1 / names.length : (options.weights[name] ?? NaN),
  }));
  const sum = teachers.reduce((total, { weight }) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 1e-6) || teachers.some(({ weight }) => weight < 0)) {
    throw new KdError({
      code: 'KD_WEIGHT_RANGE',
      where,
      argument: 'options.weights',
      expected: `a number >= 0 for each of ${names.join(', ')}, summing to one`,
      received: JSON.stringify(options.weights),
      remedy: 'Divide the weights by their sum.',
    });
  }
  return teachers;
}

/** The taps of one member, without its name, and where they stand in the request. */
function tapsOf(name: string, taps: readonly Tap[]): { tap: Tap; position: number }[] {
  return taps.flatMap((tap, position) => {
    const path = typeof tap === 'string' ? tap : tap.layer;
    if (!path.startsWith(`${name}/`)) return [];
    const layer = path.slice(name.length + 1);
    return [{ tap: typeof tap === 'string' ? layer : { ...tap, layer }, position }];
  });
}

function checkTapsHaveMember(teachers: readonly NamedTeacher[], taps: readonly Tap[]): void {
  const orphan = taps.find((tap) => teachers.every(({ name }) => tapsOf(name, [tap]).length === 0));
  if (orphan === undefined) return;
  throw new KdError({
    code: 'KD_TAP_UNKNOWN',
    where,
    argument: `tap ${JSON.stringify(describeTap(orphan))}`,
    expected: `of the form member/layer with a member among ${teachers.map(({ name }) => name).join(', ')}`,
    received: describeValue(describeTap(orphan)),
    remedy: 'Put the name of the member before the name of the layer.',
  });
}

/** Runs `ask` on every member and puts the taps of all back into the order of the request. */
async function askAll<Answer extends { readonly taps: readonly unknown[] }>(
  teachers: readonly NamedTeacher[],
  taps: readonly Tap[],
  ask: (teacher: Teacher, taps: readonly Tap[]) => Promise<Answer>,
): Promise<{ settled: PromiseSettledResult<Answer>[]; inOrder: () => Answer['taps'][number][] }> {
  checkTapsHaveMember(teachers, taps);
  const own = teachers.map(({ name }) => tapsOf(name, taps));
  const settled = await Promise.allSettled(
    teachers.map(({ teacher }, index) =>
      ask(
        teacher,
        (own[index] ?? []).map(({ tap }) => tap),
      ),
    ),
  );
  const inOrder = (): Answer['taps'][number][] => {
    const ordered: Answer['taps'][number][] = [];
    settled.forEach((result, index) => {
      if (result.status === 'rejected') return;
      own[index]?.forEach(({ position }, which) => (ordered[position] = result.value.taps[which]));
    });
    return ordered;
  };
  return { settled, inOrder };
}

function failureOf(
  teachers: readonly NamedTeacher[],
  settled: readonly PromiseSettledResult<unknown>[],
): void {
  settled.forEach((result, index) => {
    if (result.status === 'fulfilled') return;
    const cause: unknown = result.reason;
    throw new KdError({
      code: 'KD_TEACHER_OUTPUT',
      where,
      argument: `member ${JSON.stringify(teachers[index]?.name)}`,
      expected: 'a teacher that answers',
      received: cause instanceof Error ? `the error "${cause.message}"` : describeValue(cause),
      remedy: 'Look at the cause of this error.',
      cause,
    });
  });
}

async function describeAll(
  teachers: readonly NamedTeacher[],
  taps: readonly Tap[],
): Promise<TeacherDescription> {
  const { settled, inOrder } = await askAll(teachers, taps, (teacher, own) =>
    teacher.describe({ taps: own }),
  );
  failureOf(teachers, settled);
  const descriptions = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const [first] = descriptions as [TeacherDescription];
  descriptions.forEach(({ output }, index) => {
    if (JSON.stringify(output) === JSON.stringify(first.output)) return;
    const text = ({ convention, shape, classes = [] }: TeacherDescription['output']): string =>
      [convention, describeShape(shape), ...classes].join(' ');
    throw new KdError({
      code: 'KD_TEACHER_OUTPUT',
      where,
      argument: `the output of member ${JSON.stringify(teachers[index]?.name)}`,
      expected: `${text(first.output)} as that of ${JSON.stringify(teachers[0]?.name)}`,
      received: text(output),
      remedy: 'Bring all members to one convention and one list of classes.',
    });
  });
  return {
    output: first.output,
    taps: inOrder(),
    fingerprint: fingerprintOfTexts(
      teachers.map(
        ({ name, weight }, index) => `${name} ${String(weight)} ${descriptions[index]?.fingerprint ?? ''}`,
      ),
    ),
    frozen: descriptions.every(({ frozen }) => frozen),
  };
}

async function predictAll(
  teachers: readonly NamedTeacher[],
  taps: readonly Tap[],
  ask: (teacher: Teacher, taps: readonly Tap[]) => Promise<TeacherPrediction>,
): Promise<TeacherPrediction> {
  const { settled, inOrder } = await askAll(teachers, taps, ask);
  const answers = settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  try {
    failureOf(teachers, settled);
  } catch (error) {
    dispose(
      answers.flatMap((answer) => [
        ...(answer?.members ?? []).map(({ output }) => output),
        ...(answer?.taps ?? []),
      ]),
    );
    throw error;
  }
  const members = answers.flatMap((answer, index) =>
    (answer?.members ?? []).map(({ output, weight }) => ({
      output,
      weight: weight * (teachers[index]?.weight ?? 0),
    })),
  );
  return { members, taps: inOrder() };
}
