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

const training = { epochs: 1, batchSize: 128, learningRate: 0.004 };
const tiny: Settings = {
  ...small,
  size: 500,
  members: 2,
  teacher: { units: 16, dropout: 0.1, training },
  student: { units: 8, dropout: 0 },
  students: { alone: training, distilled: training },
};

const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => runJob(job, { signal, onProgress }));
const tools = { backend: 'wasm', pool, seconds: () => 1 } as const;

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
});

it('prints a table and writes a result', async () => {
  const out = mkdtempSync(join(tmpdir(), 'ensemble-'));
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await trainAndReport({ seeds: 1, out }, { settings: tiny, phasesOf, report }, tools);
  expect(log.mock.calls.flat().join('\n')).toContain('ensemble, geometric mean');
  const { rows } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
    rows: { name: string; testErrors: number[] }[];
  };
  const one = expect.any(Number) as number;
  expect(rows.map(({ name, testErrors }) => [name, testErrors])).toEqual([
    ['one net of the ensemble', [one, one]],
    ['ensemble, arithmetic mean', [one]],
    ['ensemble, geometric mean', [one]],
    ['student alone', [one]],
    ['student of one net', [one]],
    ['student of the ensemble, arithmetic mean', [one]],
    ['student of the ensemble, geometric mean', [one]],
  ]);
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
  rmSync(out, { recursive: true });
}, 60_000);
