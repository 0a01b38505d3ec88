import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import type { ProcessPool } from '@kd-benchmarks/experiment';
import { countOf, keptParts, slug } from '@kd-benchmarks/experiment/parts';
import { useBackend } from '@kd/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { tablesOf } from './errors-table.js';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { report } from './report.js';
import { runJob } from './run-job.js';
import { runStudy } from './run-study.js';
import type { Finished } from './run-study.js';
import { studies } from './studies/index.js';
import type { Study } from './studies/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fitnets-'));
const forget = (part: string): void => {
  rmSync(join(folder, 'parts', `${slug(part)}.json`));
};
const parts = keptParts<Result>('test', join(folder, 'parts'));
let run: string[] = [];
const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => {
  run.push(job.name);
  return runJob(job, { signal, onProgress });
});
const runWith = (study: Study, used: ProcessPool<Job, Outcome> = pool): Promise<Finished | undefined> =>
  runStudy(study, [1], { backend: 'wasm', out: folder }, { pool: used, parts, workOf: () => 1, isOf });

const unpadded = (table: string): string => table.replaceAll(/ +/g, ' ');

/** The results of a study, its table row by row, and the texts of its chart. */
async function finish(study: Study): Promise<{ finished: Finished; rows: string[]; texts: string[] }> {
  const finished = await runWith(study);
  if (finished === undefined) throw new Error('nothing stops it');
  await report(folder, study, finished);
  const svg = readFileSync(join(folder, `${study.name}.svg`), 'utf8');
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const texts = Array.from(root.getElementsByTagName('text'), ({ textContent }) => textContent ?? '');
  return { finished, rows: unpadded(tablesOf(study, finished)).split('\n'), texts };
}

const resultOf = (finished: Finished, arm: string): Result | undefined =>
  finished.students.find(({ kind }) => kind.arm === arm)?.results[0];

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
  vi.spyOn(console, 'log').mockReturnValue();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const table = studies.table.small;

it('runs what is missing of the table, once', async () => {
  const { finished, rows, texts } = await finish(table);
  expect(readdirSync(join(folder, 'parts'))).toHaveLength(run.length);
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual([]);

  // Trials are judged on the validation digits, and only the best rate is used.
  const tried = finished.trials[0] ?? [];
  const fewest = Math.min(...tried.map(({ result }) => countOf(result.wrong)));
  const best = tried.find(({ result }) => countOf(result.wrong) === fewest);
  expect(tried.map(({ result: { judgedOn, size } }) => [judgedOn, size])).toEqual([
    ['validation', 100],
    ['validation', 100],
  ]);
  const backprop = resultOf(finished, 'backprop');
  expect(backprop).toMatchObject({ judgedOn: 'test', size: 300, hintEpochs: 0 });
  expect(backprop?.training.learningRate).toBe(best?.setting);
  expect(backprop?.validationErrors).toHaveLength(3);

  const lossesOf = (arm: string) => Object.keys(resultOf(finished, arm)?.losses ?? {});
  expect(lossesOf('backprop')).toEqual(['hard']);
  expect(lossesOf('KD')).toEqual(['soft', 'hard']);
  expect(lossesOf('hints and KD, joint')).toEqual(['hint pooling_4<-pooling_2', 'soft', 'hard']);
  expect(resultOf(finished, 'hints, then KD')?.hintEpochs).toBe(1);
  expect(resultOf(finished, 'hints, then KD')?.validationErrors).toHaveLength(2);

  const errors = String(countOf(backprop?.wrong ?? ''));
  expect(rows.slice(2, 4)).toEqual([
    `| teacher | ${String(countOf(finished.teacher.wrong))} | 55 | |`,
    `| backprop | ${errors} | 190 | |`,
  ]);
  expect(rows[4]).toMatch(/^\| KD \| \d+ \| 65 \| backprop: (fewer|more|not separated), p [=<] [\d.e-]+ \|$/);
  expect(texts).toEqual(expect.arrayContaining(['epoch', 'validation error in %', 'hints, then KD']));

  run = [];
  expect(await runWith(table)).toEqual(finished);
  expect(run).toEqual([]);

  // Without its answers, the teacher is trained again for the student that needs them, and for no other.
  rmSync(join(folder, 'answers'), { recursive: true });
  forget('table, backprop, seed 1');
  await runWith(table);
  expect(run).toEqual(['table, backprop, seed 1']);
  forget('table, KD, seed 1');
  expect(await runWith(table)).toMatchObject({ students: finished.students.map(({ kind }) => ({ kind })) });
  expect(run.slice(1)).toEqual(['teacher, seed 1', 'table, KD, seed 1']);
  expect(existsSync(join(folder, 'answers/teacher/manifest.json'))).toBe(true);
}, 180_000);

it('gives the same result after an interruption', async () => {
  const name = 'table, hints, then KD, seed 1';
  const whole = await parts.read(name);
  forget(name);
  const inner = poolInProcess<Job, Outcome>((job, signal, onProgress) => runJob(job, { signal, onProgress }));
  const stopping: typeof inner = {
    ...inner,
    run: (jobs, onProgress, onEnd) =>
      inner.run(
        jobs,
        (job, progress) => {
          if (progress.share > 0.5) inner.abort();
          onProgress(job, progress);
        },
        onEnd,
      ),
  };
  expect(await runWith(table, stopping)).toMatchObject({ complete: false });
  expect(existsSync(join(folder, 'checkpoints/table-hints-then-kd-seed-1.jsonl'))).toBe(true);
  await runWith(table);
  expect({ ...(await parts.read(name)), seconds: 0 }).toEqual({ ...whole, seconds: 0 });
}, 180_000);

it('compares first weights and ε, with the steps on the plateau', async () => {
  const { finished, rows, texts } = await finish(studies.published.small);
  const groups = ['uniform in ±0.005', 'scaled'].flatMap((name) =>
    ['1e-5', '1e-8'].map((epsilon) => `${name}, ε = ${epsilon}`),
  );
  expect([...new Set(finished.students.map(({ kind }) => kind.group))]).toEqual(groups);
  expect(texts).toEqual(expect.arrayContaining(groups));
  expect(rows[0]).toContain('| steps until the loss has fallen by a tenth | compared with |');
  const [first, ...others] = finished.students.map(({ results }) => results[0]?.leftPlateau);
  expect(Object.keys(first ?? {})).toEqual(['hard']);
  expect(Object.keys(others[1] ?? {})).toEqual(['soft', 'hard']);
  // Small weights that hardly move stay where they are.
  expect(first).toEqual({ hard: null });
  expect(rows[3]).toContain('| 1 of 1 never |');
}, 180_000);

it('compares depths', async () => {
  const { finished, rows, texts } = await finish(studies.depth.small);
  expect(finished.students.map(({ kind }) => kind.plan.length)).toEqual([3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4]);
  expect(rows.filter((row) => row.includes('KD: '))).toHaveLength(4);
  expect(rows[0]).toContain('| units | compared with |');
  expect(texts).toEqual(
    expect.arrayContaining(['convolutional layers', 'scaled first weights', 'hints, then KD']),
  );
}, 180_000);

it('compares shares of the epochs on hints', async () => {
  const { finished, texts } = await finish(studies.few.small);
  const hintEpochs = finished.students.slice(0, 6).map(({ results }) => results[0]?.hintEpochs);
  expect(hintEpochs).toEqual([0, 0, 1, 2, 3, 4]);
  expect(texts).toEqual(expect.arrayContaining(['share of the epochs on hints', '50 digits', 'backprop']));
}, 180_000);
