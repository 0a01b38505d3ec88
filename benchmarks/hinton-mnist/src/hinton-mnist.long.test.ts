import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { countOf, keptParts, rowsOf, slug } from '@kd-benchmarks/experiment/parts';
import { loadDigits } from '@kd-datasets/mnist';
import { useBackend } from '@kd/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import { alone } from './arms.js';
import { chart } from './chart.js';
import { runAll } from './experiment.js';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { runJob } from './run-job.js';
import { small } from './settings.js';
import type { Settings } from './settings.js';
import { student } from './student-jobs.js';
import { tableOfResults } from './table-of-results.js';
import { tableOfTeachers } from './table-of-teachers.js';
import { tableOfTemperatures } from './table-of-temperatures.js';
import { tablesOfTrials } from './tables-of-trials.js';
import { teacher } from './teacher-jobs.js';

const training = { epochs: 4, batchSize: 32, learningRate: 0.003 };
const tiny: Settings = {
  ...small,
  size: 600,
  trialSize: 500,
  teacher: {
    ...small.teacher,
    units: 24,
    trials: [
      { training: { ...training, epochs: 1 }, dropouts: [0.1, 0.2] },
      { training: { ...training, epochs: 2 }, dropouts: [0.2] },
    ],
    training,
  },
  units: [16, 4],
  share: 0.2,
  trials: { learningRates: [0.001, 0.004], epochs: [2, 3] },
  batchSize: 32,
};

const unpadded = (table: string): string => table.replaceAll(/ +/g, ' ');

beforeAll(() => useBackend('wasm'));

it('runs what is missing, once', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const folder = mkdtempSync(join(tmpdir(), 'hinton-'));
  const surroundings = { settings: tiny, backend: 'wasm', out: folder } as const;
  const parts = keptParts<Result>('test', join(folder, 'parts'));
  let run: string[] = [];
  const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => {
    run.push(job.name);
    return runJob(job, { signal, onProgress });
  });
  const tools = { pool, parts, workOf: () => 1, isOf };
  const finished = await runAll(surroundings, [1], tools);
  if (finished === undefined) throw new Error('nothing stops it');
  expect(readdirSync(join(folder, 'parts'))).toHaveLength(run.length);
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual([]);

  // Trials are judged on the validation digits, and only the best training is used.
  const tried = [...finished.studentTrials.values()][0] ?? [];
  const fewest = Math.min(...tried.map(({ result }) => countOf(result.wrong)));
  const better = tried.find(({ result }) => countOf(result.wrong) === fewest);
  const [untaught] = finished.students.get('16 units, labels') ?? [];
  expect(tried.map(({ result }) => result.judgedOn)).toEqual(['validation', 'validation', 'validation']);
  expect(new Set(tried.slice(0, 2).map(({ setting }) => setting.learningRate)).size).toBe(2);
  expect(untaught).toMatchObject({ judgedOn: 'test', size: 10_000, training: better?.setting });
  expect(Object.keys(untaught?.losses ?? {})).toEqual(['hard']);
  const [distilled] = finished.students.get('16 units, T = 20') ?? [];
  expect(Object.keys(distilled?.losses ?? {})).toEqual(['soft', 'hard']);

  // Only the offset of the omitted class is fitted, upwards, and smaller sets have more epochs.
  const [no3] = finished.students.get('no 3') ?? [];
  const offsets = no3?.corrected?.offsets ?? [];
  expect(offsets.filter((offset) => offset !== 0)).toEqual([offsets[3]]);
  expect(offsets[3]).toBeGreaterThan(0);
  expect(finished.students.get('only 7 and 8')?.[0]?.training.epochs).toBeOneOf([10, 15]);

  const { labels } = await loadDigits('t10k');
  const threes = rowsOf(no3?.wrong ?? '').filter((row) => labels[row] === 3).length;
  const errors = String(countOf(no3?.wrong ?? ''));
  const table = unpadded(tableOfResults(finished, tiny, labels));
  expect(table).toContain(`| no 3 in the transfer set | ${errors}, of these ${String(threes)} on them |`);
  expect(unpadded(tableOfTemperatures(finished, tiny)).split('\n')[2]).toMatch(
    /^\| labels \| .*\d.* \| .*\d.* \|$/,
  );
  expect(unpadded(tableOfTeachers(finished, tiny)).split('\n')[2]).toMatch(
    /^\| 2 epochs( \| \d+){3} \| p [=<] [\d.]+ \|$/,
  );
  const cells = tried.map((trial) => {
    const count = String(countOf(trial.result.wrong));
    return trial === better ? `**${count}**` : count;
  });
  expect(unpadded(tablesOfTrials(finished, tiny)[1])).toContain(
    `| 16 units, labels | ${cells.join(' | ')} |`,
  );
  const root = new DOMParser().parseFromString(await chart(finished, tiny), 'image/svg+xml');
  const texts = Array.from(root.getElementsByTagName('text')).map(({ textContent }) => textContent);
  expect(texts).toEqual(expect.arrayContaining(['T', 'test errors of 10,000', '2 x 16', '2 x 4']));

  run = [];
  expect(await runAll(surroundings, [1], tools)).toEqual(finished);
  expect(run).toEqual([]);

  // Without its weights, the teacher is trained again for the student that needs it, and for no other.
  rmSync(join(folder, 'weights'), { recursive: true });
  const forget = (part: string) => {
    rmSync(join(folder, 'parts', `${slug(part)}.json`));
  };
  forget('16 units, labels, seed 1');
  await runAll(surroundings, [1], tools);
  expect(run).toEqual(['16 units, labels, seed 1']);
  forget('16 units, T = 20, seed 1');
  await runAll(surroundings, [1], tools);
  expect(run.slice(1)).toEqual(['teacher, seed 1', '16 units, T = 20, seed 1']);
  expect(existsSync(join(folder, 'weights', 'teacher-seed-1.v8'))).toBe(true);
  rmSync(folder, { recursive: true });
}, 180_000);

it('resumes a training to the bit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hinton-'));
  const job = {
    ...student({ settings: tiny, backend: 'wasm', out: folder }, alone(16), {
      training,
      taught: teacher({ settings: tiny, backend: 'wasm', out: folder }, 0.1, 1),
      seed: 1,
    }),
    secondsBetweenCheckpoints: 0,
  };
  const silent = { signal: new AbortController().signal, onProgress: () => undefined };
  const whole = await runJob({ ...job, checkpoints: join(folder, 'whole') }, silent);
  const controller = new AbortController();
  const stopped = await runJob(job, {
    signal: controller.signal,
    onProgress: ({ epoch }) => {
      if (epoch === 2) controller.abort();
    },
  });
  expect(stopped).toEqual({ reason: 'aborted' });
  const resumed = await runJob(job, silent);
  expect(resumed.result).toEqual({ ...whole.result, seconds: expect.any(Number) as number });
  rmSync(folder, { recursive: true });
}, 180_000);
