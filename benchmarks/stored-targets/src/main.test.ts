import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'stored-targets-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(script: string, flags: readonly string[], environment = {}): SpawnSyncReturns<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const node = ['--conditions=@kd/source', '--import', 'tsx', file, ...flags];
  return spawnSync(process.execPath, node, { encoding: 'utf8', env: { ...process.env, ...environment } });
}

it('stores in two processes, compares all ways, and gives one shard to a job of a scheduler', () => {
  const out = join(folder, 'all');
  const sizes = ['--teaching-size', '400', '--transfer-size', '200', '--teacher-epochs', '1'];
  const { status, stdout, stderr } = run('main.ts', [
    ...sizes,
    '--epochs',
    '1',
    '--seeds',
    '1',
    '--out',
    out,
  ]);
  expect(status, stderr.slice(-2000)).toBe(0);
  expect(stdout).toContain('shard-00001-of-00002: 100 examples, 100 new');
  const { rows } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
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
  // To the bit the same training, so the same errors.
  expect(rows[2]?.errors).toEqual(rows[1]?.errors);
  expect((rows[3]?.bytesPerExample ?? NaN) / (rows[2]?.bytesPerExample ?? NaN)).toBeLessThan(0.75);

  const set = join(folder, 'scheduled');
  const flags = ['--teacher', join(out, 'teacher'), '--out', set, '--digits', '90', '--shards', '3'];
  const job = run('extract.ts', flags, { JOB_COMPLETION_INDEX: '2' });
  expect(job.stdout, job.stderr).toContain('shard-00002-of-00003: 30 examples, 30 new');
  expect(existsSync(join(set, 'shard-00002-of-00003', 'manifest.json'))).toBe(true);
  const failed = run('merge.ts', [set]);
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain('KD_TARGETS_INCOMPLETE');
}, 300_000);
