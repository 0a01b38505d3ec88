import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { agreement, time } from '../test/made-up.js';
import { checkKey, readAgreement, readTime, saveJson } from './results.js';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'side-by-side-'));
  file = join(folder, 'some.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('gives back what was saved, and nothing if there is no file', async () => {
  expect(await readAgreement(file)).toBeUndefined();
  await saveJson(file, agreement);
  expect(await readAgreement(file)).toEqual(agreement);
  expect(await readdir(folder)).toEqual(['some.json']);
  await saveJson(file, time);
  expect(await readTime(file)).toEqual(time);
});

it('refuses a truncated file', async () => {
  await saveJson(file, agreement);
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, -10));
  await expectKdError(() => readAgreement(file), 'KD_FILE_READ', 'some.json', 'do not parse');
});

it('refuses results of which a part is missing', async () => {
  const [first, ...others] = agreement.runs;
  const shorter = { ...agreement, runs: [{ ...first, losses: [4] }, ...others] };
  for (const value of [shorter, { ...agreement, key: 1 }, null, [], time]) {
    await writeFile(file, JSON.stringify(value));
    await expectKdError(() => readAgreement(file), 'KD_FILE_READ', 'missing');
  }
  const [row] = time.rows;
  for (const value of [{ ...time, rows: [{ ...row, rounds: [1] }] }, agreement]) {
    await writeFile(file, JSON.stringify(value));
    await expectKdError(() => readTime(file), 'KD_FILE_READ', 'missing');
  }
});

it('refuses results of another work', async () => {
  checkKey(file, 'made-up', 'made-up');
  await expectKdError(
    () => {
      checkKey(file, 'made-up', 'other');
    },
    'KD_FILE_FOREIGN',
    'made-up',
    '--out',
  );
});
