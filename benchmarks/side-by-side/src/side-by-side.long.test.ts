import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { relativeDifferences } from './difference.js';
import type { Options } from './options.js';
import { readOptions } from './options.js';
import { readAgreement, readTime } from './results.js';
import { peersEnvironment, sideBySide } from './side-by-side.js';

/** What an installation may take, with all downloads. */
const limit = 300_000;
const never = new AbortController().signal;
const root = fileURLToPath(new URL('../../../', import.meta.url));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'side-by-side-'));
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => rm(folder, { recursive: true }));

const options = (...flags: string[]): Options => ({
  ...readOptions(['node', 'side-by-side', '--small', '--out', folder, '--work', folder, ...flags]),
});

it('trains ours without Python, and refuses a damaged work', async () => {
  const ours = options('--peers', 'wasm');
  await sideBySide(ours, never);
  const agreement = await readAgreement(join(folder, 'agreement-small.json'));
  expect(agreement?.runs.map(({ name }) => name)).toEqual([
    'sgd: ours on wasm',
    'adam: ours on wasm',
    'relu: ours on wasm',
    'differences: ours, soft targets only',
  ]);
  // The student learns: each run ends below its first loss.
  for (const { losses } of agreement?.runs ?? []) expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
  const names = await readdir(folder);
  expect(names.sort().slice(0, 3)).toEqual([
    'agreement-small.json',
    'curves-small.svg',
    'differences-small.svg',
  ]);
  await sideBySide({ ...ours, time: true, warmUp: 1, rounds: 2, steps: 3 }, never);
  const time = await readTime(join(folder, 'time-small.json'));
  expect(time?.key).toBe(agreement?.key);
  expect(time?.rows.map(({ peer, rounds }) => [peer, rounds.length])).toEqual([['wasm', 2]]);
  // A process of Node with tfjs takes some 100 MiB, and no GiB.
  expect(time?.rows[0]?.peakBytes).toBeGreaterThan(2 ** 26);
  expect(time?.rows[0]?.peakBytes).toBeLessThan(2 ** 30);
  await sideBySide({ ...ours, time: true }, never);
  expect(await readTime(join(folder, 'time-small.json'))).toEqual(time);
  const work = join(folder, names.find((name) => name.startsWith('work-')) ?? '');
  const images = await readFile(join(work, 'images.bin'));
  images[0] = 1;
  await writeFile(join(work, 'images.bin'), images);
  await rm(join(folder, 'agreement-small.json'));
  await expectKdError(() => sideBySide(ours, never), 'KD_FILE_READ', 'images.bin', 'altered');
  await rm(join(work, 'shapes.json'));
  await sideBySide(ours, never);
  expect((await readAgreement(join(folder, 'agreement-small.json')))?.runs).toEqual(agreement?.runs);
}, 120_000);

it(
  'agrees with PyTorch, torchdistill and Keras step by step',
  async ({ skip }) => {
    if (process.env['KD_TEST_PYTHON'] === undefined) return skip('KD_TEST_PYTHON=1 installs 7 GB');
    const all = options('--peers', 'wasm,torch,torchdistill,keras');
    const python = join(root, 'runs', 'side-by-side', 'python');
    try {
      await peersEnvironment(python, all.python, AbortSignal.timeout(limit));
    } catch (error) {
      if (KdError.isInstance(error) || (error as Error).name === 'TimeoutError')
        return skip(`No Python packages: ${(error as Error).message}`);
      throw error;
    }
    await sideBySide({ ...all, environment: python }, never);
    const { runs = [] } = (await readAgreement(join(folder, 'agreement-small.json'))) ?? {};
    const lossesOf = (name: string): readonly number[] => runs.find((run) => run.name === name)?.losses ?? [];
    for (const peer of ['PyTorch', 'torchdistill', 'Keras']) {
      const differences = relativeDifferences(lossesOf(`sgd: ${peer}`), lossesOf('sgd: ours on wasm'));
      expect(differences).toHaveLength(5);
      expect(Math.max(...differences)).toBeLessThan(1e-5);
    }
    // Without labels or with alpha = 0, torchdistill drops the factor T² = 16.
    const [ours = NaN] = lossesOf('differences: ours, soft targets only');
    for (const title of ['alpha = 0', 'no labels']) {
      expect((lossesOf(`differences: torchdistill, ${title}`)[0] ?? NaN) * 16).toBeCloseTo(ours, 4);
    }
  },
  limit + 600_000,
);
