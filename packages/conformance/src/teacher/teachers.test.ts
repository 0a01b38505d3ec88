import { useBackend } from '@kd/testing';
import { expect, it } from 'vitest';
import { soundTeacher, soundTeacherOfIds, teacherFaults } from '../../test/teachers.js';
import { Nonconformity, teacherChecks } from '../index.js';
import type { TeacherSubject } from '../index.js';

await useBackend('cpu');

async function failing(subject: TeacherSubject): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, run } of teacherChecks)
    await run(subject).catch((error: unknown) => {
      found[name] = error instanceof Nonconformity ? error.message : String(error);
    });
  return found;
}

it('a sound teacher keeps every rule', async () => {
  expect(await failing(soundTeacher)).toEqual({});
  expect(await failing(soundTeacherOfIds)).toEqual({});
});

it.each(teacherFaults)('a teacher that $name is found by $caughtBy alone', async (fault) => {
  const found = await failing({ ...soundTeacher, makeTeacher: fault.makeTeacher });
  expect(found).toEqual({ [fault.caughtBy]: found[fault.caughtBy] ?? 'something' });
});

it('has a fault for each check', () => {
  const caught = new Set(teacherFaults.map(({ caughtBy }) => caughtBy));
  expect(caught).toEqual(new Set(teacherChecks.map(({ name }) => name)));
});
