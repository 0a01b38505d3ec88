import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interruptAt } from '@kd/testing/interrupt';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'unlabelled-transfer-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const program = ['--conditions=@kd/source', '--import', 'tsx', main];
const tiny = [
  ...['--small', '--backend', 'wasm', '--seeds', '1', '--labelled', '0.2'],
  ...['--size', '500', '--epochs', '1', '--teacher-epochs', '1'],
];
const resultOf = (out: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;

it('comes to a table and a result; interrupted, the same command goes on and comes to the same', async () => {
  const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
  const flags = [...program, ...tiny];
  const run = spawnSync(process.execPath, [...flags, '--out', whole], { encoding: 'utf8' });
  expect(run.status, run.stderr.slice(-2000)).toBe(0);
  expect(run.stdout).toContain('100 digits have labels.');
  const { rows } = resultOf(whole) as { rows: { name: string; seen: number; labels: number }[] };
  expect(rows.map(({ name, seen, labels }) => [name, seen, labels])).toEqual([
    ['teacher', 500, 500],
    ['small teacher', 100, 100],
    ['student by labels', 100, 100],
    ['student by soft targets', 100, 0],
    ['student by soft targets without labels', 400, 0],
    ['student by soft targets, labels of the share', 500, 100],
    ['student by soft targets of the small teacher, labels of the share', 500, 100],
    ['student by labels of all', 500, 500],
  ]);
  expect(existsSync(join(whole, 'checkpoints'))).toBe(false);

  const again = [...flags, '--out', broken];
  expect((await interruptAt('Training the student by soft targets without', again)).code).toBe(130);
  expect(existsSync(join(broken, 'checkpoints'))).toBe(true);
  const resumed = spawnSync(process.execPath, again, { encoding: 'utf8' });
  expect(resumed.status, resumed.stderr.slice(-2000)).toBe(0);
  // What was finished is not trained again.
  expect(resumed.stdout).not.toContain('Training the teacher');
  expect(resultOf(broken)['rows']).toEqual(resultOf(whole)['rows']);
}, 600_000);

it('refuses flags that make no sense', () => {
  const refused = (...flags: string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [...program, ...flags], { encoding: 'utf8' });
    expect(status).toBe(1);
    return stderr;
  };
  expect(refused('--labelled', '1')).toContain('above 0 and below 1');
}, 120_000);
