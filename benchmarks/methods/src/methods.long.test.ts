import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { expectKdError, useBackend } from '@kd/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { experiment } from './experiment.js';
import type { Job, Outcome } from './job.js';
import type { Options } from './options.js';
import type { Results } from './results.js';
import { runJob } from './run-job.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'methods-'));
});
afterEach(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
});

/** Runs the experiment in this process, and notes its jobs. */
function runner(more: Partial<Options> = {}) {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const ran: string[] = [];
  const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => {
    ran.push(job.name);
    return runJob(job, { signal, onProgress });
  });
  const run = (only: string): Promise<void> =>
    experiment(
      { out: folder, tiny: true, pair: 'vgg13-vgg8', seeds: 2, cost: false, only, ...more },
      new URL('job-process.ts', import.meta.url),
      { backend: 'wasm', pool, signal: new AbortController().signal },
    );
  return { run, ran, log };
}

it('trains what is missing, and nothing twice', async () => {
  const { run, ran, log } = runner();
  await run('alone');
  expect(ran).toEqual(['teacher', 'student alone']);
  await run('two stages');
  await run('two stages');
  expect(ran).toEqual(['teacher', 'student alone', 'hints, two stages (FitNets)']);
  expect(log.mock.lastCall?.[0]).toMatch(/student alone.*\n.*FitNets/);
  await expectKdError(() => run('nonsense'), 'KD_OPTION_RANGE', '--only', 'student alone');
  const extensions = (await readdir(folder)).map((name) => name.slice(name.lastIndexOf('.')));
  expect(extensions.sort()).toEqual(['.json', '.md', '.svg', '.v8']);
});

it('trains published nets on pictures in the form of CIFAR-100', async () => {
  for (const [name, count] of [
    ['train', 96],
    ['test', 32],
  ] as const)
    // prettier-ignore
    await writeFile(join(folder, `${name}.bin`), records(count));
  const { run, ran } = runner({ data: ['cifar100', folder], seeds: 1 });
  await run('attention');
  expect(ran).toEqual(['teacher', 'attention transfer (AT)']);
  const text = await readFile(join(folder, 'cifar100-vgg13-vgg8-tiny.json'), 'utf8');
  const { methods } = JSON.parse(text) as Results;
  expect(methods[0]?.result?.search).toHaveLength(3);
});

/** Coarse label, fine label, and a picture of one colour. */
function records(count: number): Buffer {
  const one = (row: number): Buffer => Buffer.concat([Buffer.from([row % 20, row]), Buffer.alloc(3072, row)]);
  return Buffer.concat(Array.from({ length: count }, (_, row) => one(row)));
}
