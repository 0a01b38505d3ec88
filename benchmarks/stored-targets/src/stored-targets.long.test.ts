import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'stored-targets-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('compares all ways to store soft targets', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const sizes = ['--teaching-size', '400', '--transfer-size', '200', '--teacher-epochs', '1'];
  const flags = [...sizes, '--epochs', '1', '--seeds', '1', '--out', folder];
  const node = ['--conditions=@kd/source', '--import', 'tsx', main, ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: 'utf8' });
  expect(status, stderr.slice(-2000)).toBe(0);
  expect(stdout).toContain('bytes per example');
  const { rows } = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
    rows: { name: string; bytesPerExample?: number; errors: number[] }[];
  };
  expect(rows.map(({ name }) => name)).toEqual([
    'labels alone',
    'the teacher itself',
    'float32',
    'float16',
    '3 largest, rest spread',
    '3 largest, rest ignored',
    '3 largest, float16, rest spread',
  ]);
  // The trainings are the same to the bit, so the errors are too.
  expect(rows[2]?.errors).toEqual(rows[1]?.errors);
  expect((rows[3]?.bytesPerExample ?? NaN) / (rows[2]?.bytesPerExample ?? NaN)).toBeLessThan(0.75);
}, 60_000);
