import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'ensemble-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const program = ['--conditions=@kd/source', '--import', 'tsx', main];
const tiny = [
  ...['--small', '--backend', 'wasm', '--seeds', '1', '--members', '2'],
  ...['--size', '500', '--epochs', '1', '--teacher-epochs', '1'],
];
const resultOf = (out: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;

it('comes to a table and a result', () => {
  const out = join(folder, 'tiny');
  const run = spawnSync(process.execPath, [...program, ...tiny, '--out', out], { encoding: 'utf8' });
  expect(run.status, run.stderr.slice(-2000)).toBe(0);
  expect(run.stdout).toContain('ensemble, geometric mean');
  const { rows } = resultOf(out) as { rows: { name: string; testErrors: number[] }[] };
  const one = expect.any(Number) as number;
  expect(rows.map(({ name, testErrors }) => [name, testErrors])).toEqual([
    ['one net of the ensemble', [one, one]],
    ['ensemble, arithmetic mean', [one]],
    ['ensemble, geometric mean', [one]],
    ['student alone', [one]],
    ['student of one net', [one]],
    ['student of the ensemble, arithmetic mean', [one]],
    ['student of the ensemble, geometric mean', [one]],
  ]);
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
}, 600_000);

it('refuses flags that make no sense', () => {
  const refused = (...flags: string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [...program, ...flags], { encoding: 'utf8' });
    expect(status).toBe(1);
    return stderr;
  };
  expect(refused('--members', '1')).toContain('from 2 to 100');
}, 120_000);
