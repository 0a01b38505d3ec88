import '@tensorflow/tfjs-backend-cpu';
import type { Teacher } from '@kd/core';
import { expectKdError, useBackend } from '@kd/testing';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, examples, logitsOf, sineTeacher, withFolder } from '../../test/small.js';
import type { Manifest } from '../files/manifest.js';
import { sha256 } from '../files/read-part.js';
import { mergeShards } from '../merge/merge-shards.js';
import { storedTeacher } from '../read/stored-teacher.js';
import { storeSoftTargets } from './store-soft-targets.js';

beforeAll(() => useBackend('cpu'));

const store = (out: string, n: number, more: object = {}) =>
  storeSoftTargets({ teacher: sineTeacher(), data: examples(n), out, rowsPerFile: 2, ...more });

/** Names of a directory and what is in these files. */
async function contents(directory: string): Promise<Record<string, string>> {
  const entries = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = entries.map(({ name }) => name).sort();
  const texts = names.map(async (name) => [name, await readFile(join(directory, name), 'latin1')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** A teacher that must not run. */
const untouched: Teacher = {
  describe: () => expect.fail('described'),
  predict: () => expect.fail('asked'),
};

async function expectRefused(out: string, name: string, more: object = {}): Promise<void> {
  const before = await contents(out);
  const again = () => store(out, 6, { teacher: untouched, ...more });
  await expectKdError(again, 'KD_FILE_FOREIGN', out, name);
  expect(await contents(out)).toEqual(before);
}

describe('files of others', () => {
  it('with our names are refused before the teacher runs, and stay unchanged', () =>
    withFolder(async (out) => {
      for (const name of ['part-00000.parquet', 'part-00007.parquet', '.writing-notes'])
        await writeFile(join(out, name), 'MINE');
      await expectRefused(out, 'part-0000');
      const shard = { index: 1, count: 2 };
      const directory = join(out, 'shard-00001-of-00002');
      await mkdir(directory);
      await writeFile(join(directory, 'part-00001.parquet'), 'MINE');
      const again = () => store(out, 6, { teacher: untouched, shard });
      await expectKdError(again, 'KD_FILE_FOREIGN', directory, 'part-00001.parquet', 'no manifest');
      expect(await contents(directory)).toEqual({ 'part-00001.parquet': 'MINE' });
    }));

  it('next to a set are refused too', () =>
    withFolder(async (out) => {
      await store(out, 4);
      await writeFile(join(out, 'part-00002.parquet'), 'MINE');
      await expectRefused(out, 'part-00002.parquet');
    }));

  it('with other names stay, in a run and in a merge', () =>
    withFolder(async (out) => {
      const notes = [
        '.writing-notes',
        '.writing-0123456789ab-notes',
        '.writing-',
        'part-1.parquet.bak',
        'notes',
      ];
      const stay = async (directory: string): Promise<void> => {
        const found = await contents(directory);
        expect(notes.map((name) => found[name])).toEqual(notes.map(() => 'MINE'));
      };
      for (const index of [0, 1]) {
        const directory = join(out, `shard-0000${String(index)}-of-00002`);
        await mkdir(directory);
        for (const name of notes) await writeFile(join(directory, name), 'MINE');
        await store(out, 4, { shard: { index, count: 2 } });
        await stay(directory);
      }
      for (const name of [...notes, 'part-00000.parquet']) await writeFile(join(out, name), 'MINE');
      await mergeShards(out);
      await stay(out);
      expect(await readFile(join(out, 'part-00000.parquet'), 'utf8')).toBe('MINE');
    }));
});

describe('a file that a run was about to write', () => {
  /** Imitates a run that was killed before it listed its second file. */
  async function killed(out: string, content: string): Promise<void> {
    await store(out, 4);
    const file = join(out, 'manifest.json');
    const { files, ...rest } = JSON.parse(await readFile(file, 'utf8')) as Manifest;
    const writing = { ...(files[1] as (typeof files)[number]), sha256: sha256('OURS') };
    const unfinished = { ...rest, sealed: false, count: 2, files: files.slice(0, 1), writing };
    await writeFile(file, JSON.stringify(unfinished));
    await writeFile(join(out, 'part-00001.parquet'), content);
  }

  it('is recognised by its digest, and written again', () =>
    withFolder(async (out) => {
      await killed(out, 'OURS');
      expect(await store(out, 4)).toMatchObject({ count: 4, added: 2 });
      const { members } = await (
        await storedTeacher(out)
      ).predict(batchOf([3, 0]), { outputs: ['output'], taps: [] });
      expect([...((await members[0]?.outputs['output']?.data()) ?? [])]).toEqual(logitsOf([3, 0]));
      expect(await readFile(join(out, 'manifest.json'), 'utf8')).not.toContain('writing');
    }));

  it('is not, if the file is a different one', () =>
    withFolder(async (out) => {
      await killed(out, 'MINE');
      await expectRefused(out, 'part-00001.parquet');
    }));

  it('does not bind a set that has no other files', () =>
    withFolder(async (out) => {
      await killed(out, 'OURS');
      const file = join(out, 'manifest.json');
      const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
      await writeFile(file, JSON.stringify({ ...manifest, count: 0, files: [] }));
      await writeFile(join(out, 'part-00000.parquet'), 'MINE');
      await expectRefused(out, 'part-00000.parquet');
      await withFolder(async (empty) => {
        await writeFile(join(empty, 'manifest.json'), JSON.stringify({ ...manifest, count: 0, files: [] }));
        await writeFile(join(empty, 'part-00001.parquet'), 'OURS');
        expect(await store(empty, 2, { topK: 2 })).toMatchObject({ count: 2 });
        expect(Object.keys(await contents(empty))).toEqual(['manifest.json', 'part-00000.parquet']);
      });
    }));
});
