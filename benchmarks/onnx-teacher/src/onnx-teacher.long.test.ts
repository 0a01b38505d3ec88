import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registerTrainingKernels } from '@kd/backend';
import { poolInProcess } from '@kd-benchmarks/experiment';
import { expectKdError, useBackend } from '@kd/testing';
import { interruptAt } from '@kd/testing/interrupt';
import { afterAll, expect, it, vi } from 'vitest';
import { distil } from './distil.js';
import type { Job, Outcome } from './job.js';
import { openTeacher } from './open-teacher.js';
import { settingsOf } from './options.js';
import { runJob } from './run-job.js';
import { small } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'onnx-teacher-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
// Trained by python/train_teacher.py: one hidden layer of 16 units, 30 epochs on 2,000 digits in batches of
// 64, learning rate 0.003.
const tiny = pathOf('golden/tiny-teacher.onnx');
const sizes = ['--small', '--backend', 'wasm', '--seeds', '1', '--epochs', '1', '--transfer-size', '300'];

const program = ['--conditions=@kd/source', '--import', import.meta.resolve('tsx'), pathOf('main.ts')];

/** Runs the program with an empty PATH, in a folder without a cache. */
function run(...flags: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...program, ...flags], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: '' },
  });
}

it('distils an ONNX model', async () => {
  await useBackend('wasm');
  registerTrainingKernels();
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const training = { ...small.students.alone, epochs: 1 };
  const settings = { ...small, transferSize: 300, students: { alone: training, distilled: training } };
  const pool = poolInProcess<Job, Outcome>((job, signal, onProgress) => runJob(job, { signal, onProgress }));
  const out = mkdtempSync(join(folder, 'runs-'));
  await distil(tiny, settings, { seeds: 1, out }, { backend: 'wasm', pool, seconds: () => 1 });
  expect(log.mock.calls.flat().join('\n')).toContain(
    'Probabilities of the ONNX model differ from those in Python by at most',
  );
  log.mockRestore();
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
    teacher: { testErrors: number; difference: number };
    rows: { name: string; testErrors: number[] }[];
  };
  // Of 10,000; rounding on another processor may move a few digits.
  expect(Math.abs(result.teacher.testErrors - 998)).toBeLessThan(5);
  expect(result.teacher.difference).toBeLessThan(1e-5);
  expect(result.rows.map(({ name, testErrors }) => [name, testErrors.length])).toEqual([
    ['alone', 1],
    ['distilled', 1],
  ]);
  // Same weights and same digits, so only the teacher makes the difference.
  expect(result.rows[0]?.testErrors).not.toEqual(result.rows[1]?.testErrors);
  expect(existsSync(join(out, 'checkpoints'))).toBe(false);
}, 60_000);

it('says in one line that Python is missing', () => {
  const { status, stderr } = run(...sizes, '--size', '300');
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(
    '--python must be a Python of version 3.11 or newer; received "python3", which does not run',
  );
  expect(stderr).toContain('KD_PYTHON_MISSING');
}, 120_000);

it.skipIf(process.platform === 'win32')(
  'stops Python at Ctrl-C, and leaves no half-trained model',
  async () => {
    // Pretends to be Python and its environment: asked to train, it writes a model and then runs for longer
    // than the test may take.
    const python = join(folder, 'python');
    writeFileSync(
      python,
      `#!/bin/sh
case "$3 $4" in
  'venv '*) mkdir -p "$5/bin" && cp "$0" "$5/bin/python" ;;
  '--data '*) echo half > "$6.onnx"; exec sleep 600 ;;
  *) echo 3 12 ;;
esac
`,
    );
    chmodSync(python, 0o755);
    const flags = [...program, ...sizes, '--size', '300', '--python', python];
    const { code } = await interruptAt('Training the teacher in Python', flags, folder);
    expect(code).toBe(130);
    const cached = readdirSync(join(folder, '.cache/onnx-teacher'), { recursive: true }).map(String);
    expect(cached.some((name) => name.endsWith('learning.npy') || name.includes('learning'))).toBe(true);
    expect(cached.some((name) => name.endsWith('teacher.onnx'))).toBe(false);
  },
  120_000,
);

it('refuses flags that would be ignored, and files that are not models', async () => {
  const flags = { seeds: 1, out: folder, python: 'python3', small: true };
  await expectKdError(
    () => settingsOf({ ...flags, teacher: tiny, size: 1000 }),
    'KD_OPTION_UNKNOWN',
    '--size',
  );
  const other = { ...flags, teacher: tiny, teacherEpochs: 2 };
  await expectKdError(() => settingsOf(other), 'KD_OPTION_UNKNOWN', '--teacher-epochs');
  const tooMany = { ...flags, size: 200, transferSize: 300 };
  await expectKdError(() => settingsOf(tooMany), 'KD_OPTION_RANGE', '--transfer-size');
  await expectKdError(() => openTeacher(pathOf('settings.ts')), 'KD_FILE_READ');
});
