import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interruptAt } from '@kd/testing/interrupt';
import { afterAll, describe, expect, it } from 'vitest';
import { armNames } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'mnist-fitnets-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = (name: string): string[] => [
  '--conditions=@kd/source',
  '--import',
  'tsx',
  fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
];
const tiny = ['--small', '--backend', 'wasm', '--seeds', '1', '--teacher-epochs', '1'];
const sizes = ['--teacher-size', '200', '--transfer-size', '100', '--epochs', '1'];
const resultOf = (out: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;

interface Row {
  readonly name: string;
  readonly testErrors: readonly number[];
}

describe('the four ways of training', () => {
  it('come to a table, a result and curves; interrupted, the same command goes on and comes to the same', async () => {
    const [whole, broken] = [join(folder, 'whole'), join(folder, 'broken')];
    const flags = [...program('main'), ...tiny, ...sizes];
    const run = spawnSync(process.execPath, [...flags, '--out', whole], { encoding: 'utf8' });
    expect(run.status, run.stderr.slice(-2000)).toBe(0);
    expect(run.stdout).toContain('test error in %');
    const { rows } = resultOf(whole) as { rows: Row[] };
    expect(rows.map(({ name }) => name)).toEqual(['teacher', ...armNames]);
    expect(rows).toMatchObject([
      { parameters: 13_338, published: '0.55' },
      { parameters: 5202, multiplications: 704_592, published: '1.9', testErrors: [expect.any(Number)] },
      { published: '0.65' },
      { published: '' },
      { published: '0.51' },
    ]);
    expect(readFileSync(join(whole, 'learning-curves.svg'), 'utf8')).toContain('hints, then KD');
    expect(existsSync(join(whole, 'checkpoints'))).toBe(false);

    const again = [...flags, '--out', broken];
    expect((await interruptAt('Training the student by hints, then KD', again)).code).toBe(130);
    expect(existsSync(join(broken, 'checkpoints'))).toBe(true);
    // Another training in the same folder is refused in one line, and nothing of the first one is lost.
    const other = spawnSync(process.execPath, [...again, '--epochs', '2'], { encoding: 'utf8' });
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/^(teacher|student).*\[KD_CHECKPOINT_MISMATCH\]\n$/m);
    expect(other.stderr).not.toContain('    at ');
    const resumed = spawnSync(process.execPath, again, { encoding: 'utf8' });
    expect(resumed.status, resumed.stderr.slice(-2000)).toBe(0);
    // What was finished is not trained again.
    expect(resumed.stdout).not.toContain('Training the teacher');
    expect((resultOf(broken) as { rows: Row[] }).rows.map(({ testErrors }) => testErrors)).toEqual(
      rows.map(({ testErrors }) => testErrors),
    );
  }, 600_000);

  it('refuses flags that make no sense', () => {
    const { status, stderr } = spawnSync(process.execPath, [...program('main'), '--seeds', '0'], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('from 1 to 20')]);
  }, 60_000);
});

describe('the depth study', () => {
  it('comes to a table, a result and a picture', () => {
    const out = join(folder, 'depth');
    const flags = [...program('depth'), ...tiny, ...sizes, '--depths', '3,4', '--out', out];
    const run = spawnSync(process.execPath, flags, { encoding: 'utf8' });
    expect(run.status, run.stderr.slice(-2000)).toBe(0);
    const errors = { backprop: [expect.any(Number)], KD: [expect.any(Number)], 'hints, then KD': [expect.any(Number)] }; // prettier-ignore
    expect(resultOf(out)).toMatchObject({
      rows: [
        { depth: 3, units: 13, testErrors: errors },
        { depth: 4, units: 13, testErrors: errors },
      ],
      firstWeights: 'uniform in ±0.005',
    });
    expect(readFileSync(join(out, 'depth.svg'), 'utf8')).toContain('1.0 million multiplications');
  }, 600_000);
});
