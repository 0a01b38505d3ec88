import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resultsFile } from './results.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'methods-'));
});
afterEach(() => rm(folder, { recursive: true }));

const empty = { work: 'toys', backend: 'cpu', methods: [] };
const result = { search: [], chosen: 1, students: [{ seed: 1, validation: 80, test: 79 }] };
const cost = { own: { milliseconds: 3, memory: 200 }, plain: { milliseconds: 2, memory: 100 } };

it('keeps every part, in the order of the methods, for the next run', async () => {
  const file = await resultsFile(folder, empty, ['first', 'second']);
  await Promise.all([file.save('second', { result }), file.save('first', { result })]);
  await file.saveTeacher({ test: 93 });
  await file.save('second', { cost });
  const again = await resultsFile(folder, empty, ['first', 'second']);
  expect(again.present()).toEqual({
    ...empty,
    teacher: { test: 93 },
    methods: [
      { name: 'first', result },
      { name: 'second', result, cost },
    ],
  });
  expect(again.entry('first')?.cost).toBeUndefined();
  expect(await readdir(folder)).toEqual(['toys.json']);
});

it('does not take a file that it cannot read for an empty one', async () => {
  const file = await resultsFile(folder, empty, []);
  await file.save('first', { result });
  const text = await readFile(join(folder, 'toys.json'), 'utf8');
  await writeFile(join(folder, 'toys.json'), text.slice(0, -10));
  await expect(resultsFile(folder, empty, [])).rejects.toMatchObject({
    code: 'KD_FILE_READ',
    argument: expect.stringContaining('toys.json') as string,
  });
});
