import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { trainAndReport } from '@kd-benchmarks/experiment/perceptrons';
import { useBackend } from '@kd/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import type { Job, Outcome } from './job.js';
import { phasesOf } from './jobs.js';
import { report } from './report.js';
import { runJob } from './run-job.js';
import { small } from './settings.js';
import type { Settings } from './settings.js';

const training = { epochs: 4, batchSize: 32, learningRate: 0.01 };
const tiny: Settings = {
  ...small,
  size: 1000,
  teacher: { units: 32, dropout: 0, training },
  student: { units: 16, dropout: 0 },
  students: { 'all digits': training, 'no 3': training, '7 and 8 only': training },
};
interface Student {
  readonly plain: { readonly test: readonly number[] };
  readonly corrected?: { readonly offsets: readonly number[]; readonly test: readonly number[] };
  readonly allCorrected?: { readonly offsets: readonly number[] };
}
const sumOf = (numbers: readonly number[] = []): number => numbers.reduce((a, b) => a + b, 0);

const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => runJob(job, { signal, onProgress }));
const tools = { backend: 'wasm', pool, seconds: () => 1 } as const;

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
});

it('prints a table and writes a result', async () => {
  const out = mkdtempSync(join(tmpdir(), 'omitted-class-'));
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await trainAndReport({ seeds: 1, out }, { settings: tiny, phasesOf, report }, tools);
  expect(log.mock.calls.flat().join('\n')).toContain('all corrected');
  const { rows, teacher } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
    rows: { name: string; students: readonly Student[] }[];
    teacher: number[];
  };
  const errors = expect.any(Number) as number;
  expect(teacher).toEqual(Array.from({ length: 10 }, () => errors));
  expect(rows.map(({ name }) => name)).toEqual(['all digits', 'no 3', '7 and 8 only']);
  const [all, no3, only78] = rows.map(({ students }) => students[0]);
  expect(all?.corrected).toBeUndefined();
  // Classes that are not named keep their bias. Raising the bias of 3 never loses a 3.
  const offset3 = no3?.corrected?.offsets[3] ?? NaN;
  expect(no3?.corrected?.offsets).toEqual([0, 0, 0, offset3, 0, 0, 0, 0, 0, 0]);
  expect(offset3).toBeGreaterThan(0);
  expect(no3?.corrected?.test[3]).toBeLessThanOrEqual(no3?.plain.test[3] ?? NaN);
  const [offset7 = NaN, offset8 = NaN] = only78?.corrected?.offsets.slice(7, 9) ?? [];
  expect([offset7 < 0, offset8 < 0]).toEqual([true, true]);
  expect(sumOf(only78?.allCorrected?.offsets)).toBeCloseTo(0, 6);
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
  rmSync(out, { recursive: true });
}, 60_000);
