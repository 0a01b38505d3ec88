// Altered sets of stored soft targets, and data that cannot be stored.
import '@tensorflow/tfjs-backend-cpu';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeShards, storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { arraysTeacher } from '@kd/teacher';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numbers } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

let root: string;
const fresh = (): Promise<string> => mkdtemp(join(root, 'set-'));
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kd-cases-'));
});
afterAll(() => rm(root, { recursive: true }));

const stored = async (ids: readonly string[], out: string, more: object = {}): Promise<string> => {
  const teacher = arraysTeacher({ ids, rows: ids.map((_, row) => [row, 1]) }, { convention: 'logits' });
  await storeSoftTargets({ teacher, data: { inputs: numbers(ids.length, [2]), ids }, out, ...more });
  return `${String((await storedTeacher(out)).count)} rows`;
};
const refusedOrStored = /^(KD_\w+: .*|2 rows)$/;

interface Manifest {
  readonly files: readonly [{ rows: number }];
  count: number;
  readonly members: readonly [{ weight: number }];
  readonly output: { classes?: unknown };
}

describe('a manifest', () => {
  let good: string;
  beforeAll(async () => {
    good = await fresh();
    await stored(['a', 'b'], good);
  });
  const read = async (edit: (manifest: Manifest) => void): Promise<string> => {
    const set = await fresh();
    await cp(good, set, { recursive: true });
    const file = join(set, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    edit(manifest);
    await writeFile(file, JSON.stringify(manifest));
    return outcome(async () => `${String((await storedTeacher(set)).count)} rows`);
  };

  it('is read unchanged', async () => {
    expect(await read(() => undefined)).toBe('2 rows');
  });

  it.fails.each<[string, (manifest: Manifest) => void]>([
    [
      '1e12 rows',
      (manifest) => {
        manifest.files[0].rows = 1e12;
        manifest.count = 1e12;
      },
    ],
    ['a weight of -3', ({ members }) => void (members[0].weight = -3)],
    ['classes that are a number', ({ output }) => void (output.classes = 5)],
  ])('is refused with %s', async (_, edit) => {
    expect(await read(edit)).toMatch(/^KD_TARGETS_\w+: /);
  });
});

describe('merging shards', () => {
  it.fails.each(['shard-00000-of-00000', 'shard-00000-of-9999999999'])('refuses %s', async (name) => {
    const set = await fresh();
    await mkdir(join(set, name));
    expect(await outcome(() => mergeShards(set))).toMatch(/^KD_\w+: /);
  });
});

describe('storing', () => {
  it.fails('accepts or refuses ids that begin or end with half a character', async () => {
    const out = await fresh();
    expect(await outcome(() => stored(['a\ud83d', '\ude00b'], out))).toMatch(refusedOrStored);
  });

  it.fails('accepts or refuses 2^53 - 1 rows per file', async () => {
    const out = await fresh();
    expect(await outcome(() => stored(['a', 'b'], out, { rowsPerFile: 2 ** 53 - 1 }))).toMatch(
      refusedOrStored,
    );
  });
});
