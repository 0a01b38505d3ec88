import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { printedTable } from '@kd/testing/printed-table';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'stored-targets-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(script: string, flags: readonly string[], environment = {}): SpawnSyncReturns<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const node = ['--conditions=@kd/source', '--import', 'tsx', file, ...flags];
  return spawnSync(process.execPath, node, { encoding: 'utf8', env: { ...process.env, ...environment } });
}

it('trains the same student from the files as from the teacher', async () => {
  const sizes = { DIGITS: '1000', EPOCHS: '2', OUT: folder };
  const table = await printedTable(() => import('./train.js'), sizes);
  const errorsOf = (name: string): number => table[name]?.['test errors of 10,000'] as number;
  expect(errorsOf('ten logits')).toBe(errorsOf('the teacher itself'));
  expect(errorsOf('three logits, rest spread')).not.toBe(errorsOf('the teacher itself'));
  const [all, largest] = ['ten logits', 'three logits, rest spread'].map((name) => table[name]);
  expect(largest?.['bytes per digit']).toBeLessThan(0.7 * (all?.['bytes per digit'] as number));
}, 60_000);

it('gives one shard to a job of a scheduler, and merges no set that lacks one', () => {
  const set = join(folder, 'scheduled');
  const flags = ['--teacher', join(folder, 'teacher'), '--out', set, '--digits', '90', '--shards', '3'];
  const job = run('extract.ts', flags, { JOB_COMPLETION_INDEX: '2' });
  expect(job.stdout, job.stderr).toContain('shard-00002-of-00003: 30 examples, 30 new');
  expect(existsSync(join(set, 'shard-00002-of-00003', 'manifest.json'))).toBe(true);
  const failed = run('merge.ts', [set]);
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain('KD_TARGETS_INCOMPLETE');
}, 60_000);
