// A directory with other people's files that are named like ours, but without a set of stored soft targets.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { arraysTeacher } from '@kd/teacher';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { numbers } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

const ids = ['a', 'b'];
const teacher = arraysTeacher({ ids, rows: ids.map((_, row) => [row, 1]) }, { convention: 'logits' });
const foreign = ['.writing-notes', 'part-00000.parquet', 'part-00007.parquet'];

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'kd-cases-'));
  for (const name of foreign) await writeFile(join(out, name), 'mine');
});
afterAll(() => rm(out, { recursive: true }));

it('storing soft targets in it leaves other files unchanged', async () => {
  await outcome(() => storeSoftTargets({ teacher, data: { inputs: numbers(2, [2]), ids }, out }));
  const kept: string[] = [];
  for (const name of await readdir(out)) {
    if ((await readFile(join(out, name), 'utf8').catch(() => '')) === 'mine') kept.push(name);
  }
  expect(kept.sort()).toEqual(foreign);
});
