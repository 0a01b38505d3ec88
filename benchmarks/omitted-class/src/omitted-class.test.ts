import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'omitted-class-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const program = ['--conditions=@kd/source', '--import', 'tsx', main];
const tiny = [
  ...['--small', '--backend', 'wasm', '--seeds', '1'],
  ...['--size', '1000', '--epochs', '1', '--teacher-epochs', '2'],
];
interface Student {
  readonly plain: { readonly test: readonly number[] };
  readonly corrected?: { readonly offsets: readonly number[]; readonly test: readonly number[] };
  readonly allCorrected?: { readonly offsets: readonly number[] };
}

interface Row {
  readonly name: string;
  readonly students: readonly Student[];
}

const sumOf = (numbers: readonly number[] = []): number => numbers.reduce((a, b) => a + b, 0);
const resultOf = (out: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;

it('comes to a table and a result', () => {
  const out = join(folder, 'tiny');
  const run = spawnSync(process.execPath, [...program, ...tiny, '--out', out], { encoding: 'utf8' });
  expect(run.status, run.stderr.slice(-2000)).toBe(0);
  expect(run.stdout).toContain('all corrected');
  const errors = expect.any(Number) as number;
  const { rows, teacher } = resultOf(out) as { rows: Row[]; teacher: number[] };
  expect(teacher).toEqual(Array.from({ length: 10 }, () => errors));
  expect(rows.map(({ name }) => name)).toEqual(['all digits', 'no 3', '7 and 8 only']);
  const [all, no3, only78] = rows.map(({ students }) => students[0]);
  expect(all?.corrected).toBeUndefined();
  // The classes that are not named keep their bias, and no 3 is found less often once its bias is raised.
  const offset3 = no3?.corrected?.offsets[3] ?? NaN;
  expect(no3?.corrected?.offsets).toEqual([0, 0, 0, offset3, 0, 0, 0, 0, 0, 0]);
  expect(offset3).toBeGreaterThan(0);
  expect(no3?.corrected?.test[3]).toBeLessThanOrEqual(no3?.plain.test[3] ?? NaN);
  const [offset7 = NaN, offset8 = NaN] = only78?.corrected?.offsets.slice(7, 9) ?? [];
  expect([offset7 < 0, offset8 < 0]).toEqual([true, true]);
  expect(sumOf(only78?.allCorrected?.offsets)).toBeCloseTo(0, 6);
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
}, 600_000);

it('refuses flags that make no sense', () => {
  const refused = (...flags: string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [...program, ...flags], { encoding: 'utf8' });
    expect(status).toBe(1);
    return stderr;
  };
  expect(refused('--seeds', '0')).toContain('from 1 to 20');
  expect(refused('--temperature', '0')).toContain('above 0');
}, 120_000);
