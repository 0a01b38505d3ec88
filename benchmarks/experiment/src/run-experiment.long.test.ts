import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { interruptAt } from '@kd/testing/interrupt';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'experiment-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL('../test/main.ts', import.meta.url));
const program = ['--conditions=@kd/source', '--import', 'tsx', main, '--backend', 'wasm'];
const run = (flags: readonly string[], learningRate = '0.01') =>
  spawnSync(process.execPath, [...program, ...flags], {
    encoding: 'utf8',
    env: { ...process.env, LEARNING_RATE: learningRate },
  });

it('stops at Ctrl-C, and the same command resumes', async () => {
  const out = join(folder, 'broken');
  const again = ['--epochs', '60', '--out', out];
  const interrupted = await interruptAt('Training the student', [...program, ...again]);
  expect(interrupted.code).toBe(130);
  expect([existsSync(join(out, 'checkpoints')), existsSync(join(out, 'result.json'))]).toEqual([true, false]);
  // A different training in the same folder is refused in one line, and the first one loses nothing.
  const other = run(again, '0.02');
  expect(other.status).toBe(1);
  expect(other.stderr).toMatch(/^student: .*\[KD_CHECKPOINT_MISMATCH\]\n$/m);
  expect(other.stderr).not.toContain('    at ');
  const resumed = run(again);
  expect(resumed.status, resumed.stderr.slice(-2000)).toBe(0);
  // The finished teacher is not trained again.
  expect(resumed.stdout).not.toContain('Training the teacher');
  expect([existsSync(join(out, 'checkpoints')), existsSync(join(out, 'result.json'))]).toEqual([false, true]);
}, 120_000);

it('ends with status 143 at SIGTERM', async () => {
  const flags = [...program, '--epochs', '60', '--out', join(folder, 'terminated')];
  const { code } = await interruptAt('Training the student', flags, process.cwd(), 'SIGTERM');
  expect(code).toBe(143);
}, 120_000);

it('says in one line that the folder for the results is not writable', () => {
  const { status, stderr } = run(['--out', '/dev/null/results']);
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('[KD_FILE_WRITE]');
}, 60_000);
