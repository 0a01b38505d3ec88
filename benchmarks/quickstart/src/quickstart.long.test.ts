import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { slice } from '@kd-datasets/mnist';
import { runOf } from '@kd/report';
import { readJsonLines } from '@kd/report/node';
import { useBackend } from '@kd/testing';
import { interruptAt } from '@kd/testing/interrupt';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { trainAll } from './experiment.js';
import type { Experiment } from './experiment.js';
import type { Job } from './jobs.js';
import type { Options } from './options.js';
import { report } from './report.js';
import { runJob } from './run-job.js';
import type { Outcome } from './run-job.js';
import { saveInterrupted } from './save-interrupted.js';
import { splitDigits } from './split.js';
import type { Split } from './split.js';

const folder = mkdtempSync(join(tmpdir(), 'quickstart-'));
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const options: Options = { out: folder, transferSize: 300, seeds: 2, epochs: 2, teacherEpochs: 2 };
const model = ['model.json', 'weights.bin'];
let split: Split;

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
  vi.spyOn(console, 'log').mockReturnValue();
  const { teaching, transfer, validation, test } = await splitDigits(300);
  split = { teaching: slice(teaching, 0, 1500), transfer, validation: slice(validation, 0, 500), test };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('writes the result, and a student that plain tfjs can load', async () => {
  const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) =>
    runJob(job, split, signal, onProgress),
  );
  const experiment = (await trainAll(options, 'wasm', pool)) as Experiment;
  await report(experiment, options, 'wasm', () => 1);
  const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
    teacher: { errors: number };
    student: { errors: number[] };
    teacherOnTransferSet: { errors: number };
    distilled: { errors: number[] };
  };
  const one = expect.any(Number) as number;
  expect(result).toMatchObject({
    teacher: { errors: one, parameters: 478_410 },
    student: { errors: [one, one], parameters: 89_610 },
    distilled: { errors: [one, one] },
    seconds: 1,
    backend: 'wasm',
  });
  expect(result.teacher.errors).toBeLessThan(result.teacherOnTransferSet.errors);

  // The page shows the models of the first seed, with the errors of the table.
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  const shown = [...html.matchAll(/<figcaption>(.*): ([\d,]+) errors?</g)].map(([, name, errors = '']) => [
    name,
    Number(errors.replace(',', '')),
  ]);
  expect(shown).toEqual([
    ['teacher', result.teacher.errors],
    ['student alone', result.student.errors[0]],
    ['student distilled', result.distilled.errors[0]],
  ]);
  expect(vi.mocked(console.log).mock.lastCall?.[0]).toContain(join(folder, 'report.html'));
  const { stages } = runOf((await readJsonLines(join(folder, 'student distilled.jsonl'))).events);
  expect(stages.map(({ steps, reason }) => [steps.length, reason])).toEqual([[6, 'finished']]);

  // A process without @kd loads the saved student and makes as many errors as the table says.
  const load = [pathOf('load-student.mjs'), join(folder, 'student')];
  const loaded = spawnSync(process.execPath, load, { encoding: 'utf8' });
  expect(loaded.status, loaded.stderr.slice(-2000)).toBe(0);
  expect(result.distilled.errors).toContain(Number(loaded.stdout));
}, 60_000);

it('saves finished and unfinished models when it is interrupted', async () => {
  const pool = poolInProcess<Job, Outcome>(async (job, signal, onProgress) => {
    if (job.name === 'distilled student') pool.abort();
    return runJob(job, { ...split, teaching: split.transfer, test: split.validation }, signal, onProgress);
  });
  const experiment = await trainAll({ ...options, seeds: 1, epochs: 1, teacherEpochs: 1 }, 'wasm', pool);
  const out = join(folder, 'late');
  await saveInterrupted(experiment.interrupted ?? [], out);
  const names = ['distilled-student', 'student-alone', 'teacher', 'teacher-on-the-transfer-set'];
  expect(readdirSync(join(out, 'interrupted')).sort()).toEqual(names);
  for (const name of names) expect(readdirSync(join(out, 'interrupted', name)).sort()).toEqual(model);
}, 60_000);

it('can be interrupted by Ctrl-C', async () => {
  const out = join(folder, 'early');
  const flags = ['--conditions=@kd/source', '--import', 'tsx', pathOf('main.ts'), '--out', out];
  const { code, text } = await interruptAt('Training the teacher ...', flags);
  expect(code).toBe(130);
  expect(text).toContain('The teacher, as far as it was trained');
  expect(readdirSync(join(out, 'interrupted', 'teacher')).sort()).toEqual(model);
}, 60_000);

it('refuses invalid flags, and says why', () => {
  const run = (...flags: string[]): string => {
    const node = ['--conditions=@kd/source', '--import', 'tsx', pathOf('main.ts'), ...flags];
    const { status, stderr } = spawnSync(process.execPath, node, { encoding: 'utf8' });
    expect(status).toBe(1);
    return stderr;
  };
  expect(run('--transfer-size', '60000')).toContain('from 100 to 55000');
}, 60_000);
