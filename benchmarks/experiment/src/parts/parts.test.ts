import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { poolInProcess } from '../pool-in-process.js';
import type { PoolJob } from '../process-pool.js';
import { asBits, compare, countOf, keptParts, rowsOf, runMissing, runWithTeachers } from './index.js';
import type { PartOutcome } from './index.js';

interface Result {
  readonly name: string;
}
const jobs: PoolJob[] = ['teacher, seed 1', 'T = 2.5', 'last'].map((name) => ({ name, backend: 'cpu' }));
const usual = { workOf: () => 1, isOf: ({ name }: Result, job: PoolJob) => name.endsWith(job.name) };

it('keeps rows as bits', () => {
  expect(asBits([0, 9, 3], 10)).toBe('CQI=');
  expect(rowsOf('CQI=')).toEqual([0, 3, 9]);
  expect(countOf(asBits([], 10_000))).toBe(0);
  expect(countOf(asBits([0, 9999], 10_000))).toBe(2);
});

// The values of p are exact sums of binomial coefficients, rounded.
it.each([
  [2, 8, 0.109375],
  [70, 30, 7.85013964559367e-5],
  [600, 700, 0.006015793861044],
  [0, 5, 0.0625],
  [3, 3, 1],
  [0, 0, 1],
])('compares %i with %i errors that the other does not make', (first, second, p) => {
  const size = first + second + 1;
  const both = size - 1;
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
  // Half of them in each of two pairs, with a row that both get wrong.
  const half = (from: number, count: number) => [
    asBits([...rows(from, count >> 1), both], size),
    asBits([...rows(from + (count >> 1), count - (count >> 1)), both], size),
  ];
  const [a1 = '', a2 = ''] = half(0, first);
  const [b1 = '', b2 = ''] = half(first, second);
  const comparison = compare([
    [a1, b1],
    [a2, b2],
  ]);
  expect(comparison).toMatchObject({ onlyFirst: first, onlySecond: second });
  expect(comparison.p / p).toBeCloseTo(1, 10);
});

it('runs what is missing, and keeps each part as soon as it is done', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const folder = mkdtempSync(join(tmpdir(), 'parts-'));
  const parts = keptParts<Result>('test', folder);
  const run: string[] = [];
  const poolThat = (stopsAt: string) =>
    poolInProcess<PoolJob, PartOutcome<Result>>(({ name }) => {
      run.push(name);
      return Promise.resolve(
        name === stopsAt ? { reason: 'aborted' } : { reason: 'finished', result: { name } },
      );
    });
  const [first, second] = jobs.map(({ name }) => ({ name }));
  expect(await runMissing(jobs, { pool: poolThat('last'), parts, ...usual })).toEqual([
    first,
    second,
    undefined,
  ]);
  expect(readdirSync(folder).sort()).toEqual(['t-2.5.json', 'teacher-seed-1.json']);
  expect(await runMissing(jobs, { pool: poolThat(''), parts, ...usual })).toEqual(
    jobs.map(({ name }) => ({ name })),
  );
  expect(run).toEqual(['teacher, seed 1', 'T = 2.5', 'last', 'last']);
  expect(JSON.parse(readFileSync(join(folder, 'last.json'), 'utf8'))).toEqual({ name: 'last' });
});

it('does not take a damaged file for a part that is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parts-'));
  for (const damaged of ['{"name": "la', '', 'null']) {
    writeFileSync(join(folder, 'last.json'), damaged);
    await expect(keptParts('test', folder).read('last')).rejects.toThrow(/last\.json.*Delete the file/);
  }
});

it('does not take a result of other settings for that of a part', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parts-'));
  const parts = keptParts<Result>('test', folder);
  await parts.save('last', { name: 'of 20 epochs' });
  const pool = poolInProcess<PoolJob, PartOutcome<Result>>(() => Promise.reject(new Error('not to be run')));
  await expect(runMissing(jobs.slice(2), { pool, parts, ...usual })).rejects.toThrow(
    /last\.json.*other settings.*Delete the file/,
  );
});

it('trains a teacher again for a student that needs its file, and keeps its old result until then', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const folder = mkdtempSync(join(tmpdir(), 'parts-'));
  const parts = keptParts<Result>('test', folder);
  const [teacher, student] = jobs.slice(0, 2) as [PoolJob, PoolJob];
  const file = join(folder, 'weights');
  const lessons = {
    leaves: (job: PoolJob) => (job === teacher ? file : undefined),
    needs: (job: PoolJob) => (job === student ? file : undefined),
  };
  const runWith = (reason: 'finished' | 'aborted') => {
    const pool = poolInProcess<PoolJob, PartOutcome<Result>>(({ name }) => {
      if (reason === 'aborted') return Promise.resolve({ reason });
      if (name === teacher.name) writeFileSync(file, '');
      return Promise.resolve({ reason, result: { name: `new ${name}` } });
    });
    return runWithTeachers([student], [teacher], { pool, parts, ...usual }, lessons);
  };
  await parts.save(teacher.name, { name: `old ${teacher.name}` });
  expect(await runWith('aborted')).toEqual([undefined]);
  expect(await parts.read(teacher.name)).toEqual({ name: `old ${teacher.name}` });
  expect(await runWith('finished')).toEqual([{ name: `new ${student.name}` }]);
  expect(await parts.read(teacher.name)).toEqual({ name: `new ${teacher.name}` });
  rmSync(file);
  // No student needs it any more.
  await runWith('aborted');
  expect(existsSync(file)).toBe(false);
});
