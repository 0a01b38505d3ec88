import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printedTable } from '@kd/testing/printed-table';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'quickstart-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('distils a student that is better than the one alone, and saves it', async () => {
  const errors = 'test errors of 10,000';
  const sizes = { DIGITS: '2000', EPOCHS: '4', OUT: folder };
  const table = await printedTable(() => import('./train.js'), sizes);
  expect(Object.keys(table)).toEqual(['teacher', 'student alone', 'student distilled']);
  expect(table['teacher']).toMatchObject({ parameters: 478_410 });
  expect(table['student distilled']).toMatchObject({ parameters: 55_050 });
  expect(table['student distilled']?.[errors]).toBeLessThan(table['student alone']?.[errors] as number);
  expect(readdirSync(folder).sort()).toEqual(['model.json', 'weights.bin']);
}, 60_000);
