import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { useBackend } from '@kd/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { experiment } from './experiment.js';
import type { Job, Outcome } from './job.js';
import { runJob } from './run-job.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'methods-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('trains what is missing, and nothing twice', async () => {
  await useBackend('wasm');
  registerTrainingKernels();
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const ran: string[] = [];
  const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => {
    ran.push(job.name);
    return runJob(job, { signal, onProgress });
  });
  const run = (only: string): Promise<void> =>
    experiment(
      { out: folder, tiny: true, seeds: 2, cost: false, only },
      new URL('job-process.ts', import.meta.url),
      { backend: 'wasm', pool, signal: new AbortController().signal },
    );
  await run('alone');
  expect(ran).toEqual(['teacher', 'student alone']);
  await run('two stages');
  await run('two stages');
  expect(ran).toEqual(['teacher', 'student alone', 'hints, two stages (FitNets)']);
  expect(log.mock.lastCall?.[0]).toMatch(/student alone.*\n.*FitNets/);
  const extensions = (await readdir(folder)).map((name) => name.slice(name.lastIndexOf('.')));
  expect(extensions.sort()).toEqual(['.json', '.md', '.svg', '.v8']);
});
