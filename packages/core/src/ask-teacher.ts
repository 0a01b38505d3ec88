import { dispose, Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import type { Batch } from './batch.js';
import { conventions } from './convention.js';
import { describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';
import type { OutputInfo, ValueInfo } from './shape.js';
import type { Tap } from './tap.js';
import { teacher as check } from './teacher.js';
import type { Teacher, TeacherAnswer, TeacherMember, TeacherDescription, TeacherRequest } from './teacher.js';

/** Asks a teacher to describe itself. Rejects with `KD_TEACHER_OUTPUT` for what is not a description. */
export async function describeTeacher(
  teacher: Teacher,
  request: { readonly taps: readonly Tap[] },
): Promise<TeacherDescription> {
  check.read({ where: 'describeTeacher', argument: 'teacher' }, teacher);
  const description: unknown = await teacher.describe(request);
  checkDescription(description, request.taps);
  return description;
}

/**
 * Asks a teacher about a batch. Rejects with `KD_TEACHER_OUTPUT` for what is not an answer, and disposes its
 * tensors. Whether shapes and numbers fit the description is for the caller to check.
 */
export async function askTeacher(
  teacher: Teacher,
  batch: Batch,
  request: TeacherRequest,
): Promise<TeacherAnswer> {
  check.read({ where: 'askTeacher', argument: 'teacher' }, teacher);
  const answer: unknown = await teacher.predict(batch, request);
  checkAnswer(answer, request);
  return answer;
}

function unlikeTeacher(argument: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where: 'the teacher',
    argument,
    expected,
    received,
    remedy: 'Compare the results of describe() and predict().',
  });
}

function checkDescription(
  description: unknown,
  asked: readonly Tap[],
): asserts description is TeacherDescription {
  const wrong = (expected: string, received: string): KdError =>
    unlikeTeacher('its description', expected, received);
  const { outputs, taps } = Object(description) as Partial<TeacherDescription>;
  if (typeof outputs !== 'object' || (outputs as unknown) === null || !Array.isArray(taps))
    throw wrong('an object with outputs, taps, fingerprint and frozen', describeValue(description));
  if (taps.length !== asked.length) throw wrong(`of ${String(asked.length)} taps`, String(taps.length));
  for (const [name, output] of Object.entries<unknown>(outputs)) {
    const { convention, shape } = Object(output) as Partial<OutputInfo>;
    if (Array.isArray(shape) && Object.hasOwn(conventions, convention ?? '')) continue;
    throw wrong(`with a convention and a shape of the output ${JSON.stringify(name)}`, describeValue(output));
  }
  const odd = (taps as readonly unknown[]).find(
    (tap) => !Array.isArray((Object(tap) as Partial<ValueInfo>).shape),
  );
  if (odd !== undefined) throw wrong('with taps { shape }', describeValue(odd));
}

function checkAnswer(
  answer: unknown,
  { outputs: wanted, taps: asked }: TeacherRequest,
): asserts answer is TeacherAnswer {
  const fault = faultOf(answer, wanted, asked.length);
  if (fault === undefined) return;
  dispose(answer as TensorContainer);
  throw unlikeTeacher('its answer', ...fault);
}

/** What is expected, and what is there. */
function faultOf(answer: unknown, wanted: readonly string[], asked: number): [string, string] | undefined {
  const { members, taps } = Object(answer) as Partial<Record<keyof TeacherAnswer, unknown>>;
  if (!Array.isArray(members) || !Array.isArray(taps))
    return ['an object with members and taps', describeValue(answer)];
  const given = (members as unknown[]).map((member) => Object(member) as Partial<TeacherMember>);
  const named = given.map(({ outputs }) => Object(outputs) as Record<string, unknown>);
  const values: unknown[] = [...named.flatMap((outputs) => Object.values(outputs)), ...(taps as unknown[])];
  const odd = values.findIndex((value) => !(value instanceof Tensor));
  if (odd >= 0) return ['of tensors', describeValue(values[odd])];
  const unweighted = given.find(({ weight }) => typeof weight !== 'number');
  if (unweighted !== undefined) return ['of members { outputs, weight }', describeValue(unweighted)];
  if (taps.length !== asked) return [`of ${String(asked)} taps`, String(taps.length)];
  if (wanted.length > 0 && given.length === 0) return ['of at least one member', 'none'];
  const missing = wanted.find((name) => named.some((outputs) => !Object.hasOwn(outputs, name)));
  if (missing === undefined) return undefined;
  return [`with the output ${JSON.stringify(missing)} of every member`, 'none of this name'];
}
