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

const training = { epochs: 1, batchSize: 50, learningRate: 0.01 };
const teacher = { units: 16, dropout: 0, training };
const tiny: Settings = {
  ...small,
  size: 500,
  labelled: 0.2,
  teacher,
  smallTeacher: teacher,
  student: { units: 8, dropout: 0 },
  students: { few: training, many: training },
};

const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => runJob(job, { signal, onProgress }));
const tools = { backend: 'wasm', pool, seconds: () => 1 } as const;

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
});

it('prints a table and writes a result', async () => {
  const out = mkdtempSync(join(tmpdir(), 'unlabelled-transfer-'));
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await trainAndReport({ seeds: 1, out }, { settings: tiny, phasesOf, report }, tools);
  expect(log.mock.calls.flat().join('\n')).toContain('100 digits have labels.');
  const { rows } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
    rows: { name: string; seen: number; labels: number }[];
  };
  expect(rows.map(({ name, seen, labels }) => [name, seen, labels])).toEqual([
    ['teacher', 500, 500],
    ['small teacher', 100, 100],
    ['student by labels', 100, 100],
    ['student by soft targets', 100, 0],
    ['student by soft targets without labels', 400, 0],
    ['student by soft targets, labels of the share', 500, 100],
    ['student by soft targets of the small teacher, labels of the share', 500, 100],
    ['student by labels of all', 500, 500],
  ]);
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
  rmSync(out, { recursive: true });
}, 60_000);
