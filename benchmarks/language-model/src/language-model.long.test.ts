import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { keptParts } from '@kd-benchmarks/experiment/parts';
import { useBackend } from '@kd/testing';
import { expect, it, vi } from 'vitest';
import { runAll } from './experiment.js';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { runJob } from './run-job.js';
import { small } from './settings.js';
import { tablesOf } from './tables.js';

it('trains a teacher and students in parts, and shows them', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  await useBackend('wasm');
  registerTrainingKernels();
  const folder = mkdtempSync(join(tmpdir(), 'language-model-'));
  const run: string[] = [];
  const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => {
    run.push(job.name);
    return runJob(job, { signal, onProgress });
  });
  const parts = keptParts<Result>('test', join(folder, 'parts'));
  const settings = { ...small, learningRates: [0.01] };
  const tools = { pool, parts, workOf: () => 1, isOf };
  const runIt = () => runAll({ settings, backend: 'wasm', out: folder }, [1], tools);
  const finished = await runIt();
  expect(finished?.complete).toBe(true);
  // The teacher, and a trial and a student of each of four kinds.
  expect(run).toHaveLength(9);
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual([]);
  // A uniform guess has as many as there are characters, about 75.
  const students = finished?.students.map(({ results: [result] }) => result?.crossEntropy ?? NaN) ?? [];
  for (const crossEntropy of students) expect(crossEntropy).toBeLessThan(Math.log(30));
  // From the same weights on the same windows: what differs is the lesson.
  expect(new Set(students).size).toBe(4);
  expect(finished && tablesOf(finished, settings)[0]).toContain('on policy, λ = 0.1');
  await runIt();
  expect(run).toHaveLength(9);
  expect(existsSync(join(folder, 'answers'))).toBe(true);
  rmSync(folder, { recursive: true });
}, 120_000);
