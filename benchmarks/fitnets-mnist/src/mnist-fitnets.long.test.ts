import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { slice } from '@kd-datasets/mnist';
import { useBackend } from '@kd/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { compareDepths } from './compare-depths.js';
import { compareWays } from './compare-ways.js';
import type * as digitsModule from './digits.js';
import { guidedLayer, studentPlan, teacherPlan } from './plans.js';
import { runJob } from './run-job.js';
import { armNames, armsOf } from './settings.js';
import type { Settings } from './settings.js';

// Errors are counted on 300 test digits instead of 10,000.
vi.mock('./digits.js', async (importOriginal) => {
  const original = await importOriginal<typeof digitsModule>();
  return {
    ...original,
    digitsOf: async (counts: Parameters<typeof original.digitsOf>[0]) => {
      const digits = await original.digitsOf(counts);
      return { ...digits, test: slice(digits.test, 0, 300) };
    },
  };
});

const training = { epochs: 1, batchSize: 32, learningRate: 0.004 };
const tiny: Settings = {
  teacherPlan: teacherPlan([[3, 5], [4, 5], [3, 3]]), // prettier-ignore
  studentPlan: studentPlan([[2, 3], [2, 3], [2, 3], [2, 3], [2, 3], [2, 3]]), // prettier-ignore
  validation: 50,
  teaching: 200,
  transfer: 100,
  teacher: training,
  arms: armsOf(guidedLayer, {
    labels: training,
    distilled: training,
    joint: training,
    afterHints: training,
    hints: training,
  }),
  depth: {
    depths: [3, 4],
    budget: 200_000,
    training: { ...training, epochs: 2 },
    hintEpochs: 1,
    uniform: 0.005,
  },
};

const folder = mkdtempSync(join(tmpdir(), 'fitnets-mnist-'));
const tools = { backend: 'wasm', pool: poolInProcess(runJob), seconds: () => 1 } as const;
const resultOf = (out: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;
const one = [expect.any(Number) as number];

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
  vi.spyOn(console, 'log').mockReturnValue();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('compares four ways of training, and writes a result and curves', async () => {
  const out = mkdtempSync(join(folder, 'ways-'));
  await compareWays(tiny, { seeds: 1, out }, tools);
  const { rows } = resultOf(out) as { rows: { name: string; testErrors: readonly number[] }[] };
  expect(rows.map(({ name }) => name)).toEqual(['teacher', ...armNames]);
  expect(rows).toMatchObject([
    { published: '0.55' },
    { published: '1.9', testErrors: one },
    { published: '0.65', testErrors: one },
    { published: '', testErrors: one },
    { published: '0.51', testErrors: one },
  ]);
  expect(readFileSync(join(out, 'learning-curves.svg'), 'utf8')).toContain('hints, then KD');
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
}, 60_000);

it('resumes after an interruption with the same outcome', async () => {
  const [whole, broken] = [mkdtempSync(join(folder, 'whole-')), mkdtempSync(join(folder, 'broken-'))];
  const twoStages = { ...tiny, arms: tiny.arms.slice(3) };
  await compareWays(twoStages, { seeds: 1, out: whole }, tools);
  const inner = poolInProcess(runJob);
  const pool: typeof inner = {
    ...inner,
    run: (jobs, onProgress, onEnd) =>
      inner.run(
        jobs,
        (job, progress) => {
          if (job.name.startsWith('student')) inner.abort();
          onProgress(job, progress);
        },
        onEnd,
      ),
  };
  await compareWays(twoStages, { seeds: 1, out: broken }, { ...tools, pool });
  expect([process.exitCode, existsSync(join(broken, 'checkpoints'))]).toEqual([130, true]);
  process.exitCode = undefined;
  await compareWays(twoStages, { seeds: 1, out: broken }, tools);
  const errorsIn = (out: string) =>
    (resultOf(out)['rows'] as { testErrors: number[] }[]).map(({ testErrors }) => testErrors);
  expect(errorsIn(broken)).toEqual(errorsIn(whole));
}, 60_000);

it('compares depths, and writes a result and a chart', async () => {
  const out = mkdtempSync(join(folder, 'depths-'));
  await compareDepths(tiny, { seeds: 1, out }, tools);
  const errors = { backprop: one, KD: one, 'hints, then KD': one };
  expect(resultOf(out)).toMatchObject({
    rows: [
      { depth: 3, testErrors: errors },
      { depth: 4, testErrors: errors },
    ],
    firstWeights: 'uniform in ±0.005',
  });
  expect(readFileSync(join(out, 'depth.svg'), 'utf8')).toContain('0.2 million multiplications');
}, 60_000);
