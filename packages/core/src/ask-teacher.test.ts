import { expectKdError, useBackend } from '@kd/testing';
import { memory, ones } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { askTeacher, describeTeacher } from './ask-teacher.js';
import type { Teacher } from './teacher.js';

beforeAll(() => useBackend('cpu'));

const description = { outputs: { output: { convention: 'logits', shape: [null, 2] } }, taps: [], fingerprint: 'f', frozen: true }; // prettier-ignore
const answer = () => ({ members: [{ outputs: { output: ones([1, 2]) }, weight: 1 }], taps: [] });
const teacherOf = (described: unknown, answered: unknown): Teacher =>
  ({ describe: () => described, predict: () => answered }) as unknown as Teacher;
const request = { outputs: ['output'], taps: [] };

it('passes on descriptions and answers of the right form', async () => {
  const teacher = teacherOf(description, answer());
  expect(await describeTeacher(teacher, { taps: [] })).toBe(description);
  const { members } = await askTeacher(teacher, { inputs: {} }, request);
  expect(members[0]?.outputs['output']?.shape).toEqual([1, 2]);
});

it.each<[string, unknown]>([
  ['undefined', undefined],
  ['no taps', { outputs: {} }],
  ['a convention of its own', { ...description, outputs: { output: { convention: 'odds', shape: [] } } }],
  ['a tap that was not asked for', { ...description, taps: [{ shape: [] }] }],
])('refuses a description: %s', async (_, described) => {
  const facts = ['the teacher', 'its description'] as const;
  await expectKdError(
    () => describeTeacher(teacherOf(described, answer()), { taps: [] }),
    'KD_TEACHER_OUTPUT',
    ...facts,
  );
});

it.each<[string, () => unknown]>([
  ['null', () => null],
  ['no taps', () => ({ members: [] })],
  ['a member that is a number', () => ({ members: [1], taps: [] })],
  ['a tap that is a number', () => ({ ...answer(), taps: [1] })],
  ['another output', () => ({ members: [{ outputs: { other: ones([1]) }, weight: 1 }], taps: [] })],
])('refuses an answer, and disposes it: %s', async (_, answered) => {
  const before = memory().numTensors;
  await expectKdError(
    () => askTeacher(teacherOf(description, answered()), { inputs: {} }, request),
    'KD_TEACHER_OUTPUT',
    'the teacher',
    'its answer',
  );
  expect(memory().numTensors).toBe(before);
});

it('refuses what is no teacher', async () => {
  await expectKdError(() => askTeacher(5 as never, { inputs: {} }, request), 'KD_OPTION_TYPE', 'askTeacher');
});
