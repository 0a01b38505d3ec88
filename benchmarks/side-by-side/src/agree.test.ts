import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { agree } from './agree.js';
import type { Answers, Request } from './messages.js';
import type { Peer } from './peer.js';
import { runsOf } from './runs-of.js';
import type { PeerName } from './runs.js';
import { full } from './settings.js';

const settings = { ...full, steps: 2 };
const runs = runsOf(settings).filter(
  ({ part, peer }) => part === 'sgd' && (peer === 'wasm' || peer === 'torch'),
);

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agree-'));
  file = join(folder, 'agreement.json');
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => rm(folder, { recursive: true }));

/** Peers that learn nothing: they end with the weights [3, 4], PyTorch with [3, 4.5]. */
function surroundings(missing?: PeerName) {
  const started: string[] = [];
  const open = new Set<string>();
  const start = (name: PeerName): Promise<Peer | undefined> => {
    if (name === missing) return Promise.resolve(undefined);
    started.push(name);
    open.add(name);
    const ask = async (request: Request): Promise<object> => {
      if (request.type === 'steps') return { losses: [1 / 3, 0.5], milliseconds: [1, 1] };
      if (request.type === 'start') return {};
      await writeFile(request.file, new Uint8Array(Float32Array.of(3, name === 'torch' ? 4.5 : 4).buffer));
      return { peakBytes: 1 };
    };
    return Promise.resolve({
      about: name,
      ask: ask as <Type extends Request['type']>(request: Request) => Promise<Answers[Type]>,
      close: () => open.delete(name),
    });
  };
  const countErrors = (weights: Float32Array): Promise<number> => Promise.resolve(weights.length);
  return { work: { folder, key: 'one' }, settings, start, countErrors, started, open };
}

it('makes each run once, and compares its weights', async () => {
  const { started, open, ...first } = surroundings();
  const { runs: results } = await agree(file, runs, first);
  expect(results.map(({ name, weights, testErrors }) => [name, weights, testErrors])).toEqual([
    ['sgd: ours on wasm', undefined, 2],
    // 0.5 / ||(3, 4)||.
    ['sgd: PyTorch', 0.1, 2],
  ]);
  expect(results[0]?.losses).toEqual([0.333333333, 0.5]);
  expect(started).toEqual(['wasm', 'torch']);
  expect(open.size).toBe(0);
  const second = surroundings();
  expect((await agree(file, runs, second)).runs).toEqual(results);
  expect(second.started).toEqual([]);
});

it('keeps the runs of peers that are left out, in their order', async () => {
  await agree(file, runs, surroundings());
  const adam = runsOf(settings).filter(({ part, peer }) => part === 'adam' && peer === 'wasm');
  const { runs: results } = await agree(file, adam, surroundings());
  expect(results.map(({ name }) => name)).toEqual([
    'sgd: ours on wasm',
    'sgd: PyTorch',
    'adam: ours on wasm',
  ]);
});

it('resumes with what is missing, and with the weights that a comparison needs', async () => {
  const without = surroundings('torch');
  expect((await agree(file, runs, without)).runs).toHaveLength(1);
  for (const name of await readdir(folder)) if (name.endsWith('.bin')) await rm(join(folder, name));
  const later = surroundings();
  expect((await agree(file, runs, later)).runs).toHaveLength(2);
  expect(later.started).toEqual(['wasm', 'torch']);
});

it('leaves out what would be compared with a run that is missing', async () => {
  const without = surroundings('wasm');
  expect((await agree(file, runs, without)).runs).toEqual([]);
  expect(vi.mocked(console.log).mock.lastCall?.[0]).toMatch(/sgd: PyTorch.*compared with sgd: ours on wasm/);
  expect(without.started).toEqual([]);
});

it('refuses the results of another work', async () => {
  await agree(file, runs, surroundings());
  const { work, ...others } = surroundings();
  const other = { ...others, work: { ...work, key: 'two' } };
  await expectKdError(() => agree(file, runs, other), 'KD_FILE_FOREIGN', 'one', 'two');
});

it('refuses weights that were altered since', async () => {
  await agree(file, runs, surroundings('torch'));
  const [weights = ''] = (await readdir(folder)).filter((name) => name.endsWith('.bin'));
  await writeFile(join(folder, weights), new Uint8Array(8));
  await expectKdError(() => agree(file, runs, surroundings()), 'KD_FILE_READ', weights, 'altered');
});
