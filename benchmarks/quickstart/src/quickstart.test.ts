import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interruptAt } from '@kd/testing/interrupt';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'quickstart-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const loadStudent = fileURLToPath(new URL('./load-student.mjs', import.meta.url));
const node = ['--conditions=@kd/source', '--import', 'tsx', main];
const small = ['--transfer-size', '500', '--epochs', '2', '--teacher-epochs', '1'];

it('trains, draws the table, writes the result and a student that plain tfjs loads', () => {
  const out = join(folder, 'small');
  const run = spawnSync(
    process.execPath,
    [...node, ...small, '--seeds', '2', '--backend', 'wasm', '--out', out],
    {
      encoding: 'utf8',
    },
  );
  expect(run.status, run.stderr.slice(-2000)).toBe(0);
  expect(run.stdout).toContain('test errors of 10,000');
  const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as {
    teacher: { errors: number };
    distilled: { errors: number[] };
  };
  expect(result).toMatchObject({
    teacher: { errors: expect.any(Number) as number, parameters: 478_410 },
    student: { errors: [expect.any(Number), expect.any(Number)], parameters: 89_610 },
    distilled: { errors: [expect.any(Number), expect.any(Number)] },
    seconds: expect.any(Number) as number,
    backend: 'wasm',
  });
  expect(result.teacher.errors).toBeLessThan(700);

  // A process that knows nothing of @kd loads what was saved, and makes the errors that the table says.
  const loaded = spawnSync(process.execPath, [loadStudent, join(out, 'student')], { encoding: 'utf8' });
  expect(loaded.status, loaded.stderr.slice(-2000)).toBe(0);
  expect(result.distilled.errors).toContain(Number(loaded.stdout));
}, 600_000);

const model = ['model.json', 'weights.bin'];

it('saves the model that is trained when it is interrupted', async () => {
  const out = join(folder, 'interrupted-early');
  const { code, text } = await interruptAt('Training the teacher ...', [...node, '--out', out]);
  expect(code).toBe(130);
  expect(text).toContain('The teacher, as far as it was trained');
  expect(readdirSync(join(out, 'interrupted', 'teacher')).sort()).toEqual(model);
}, 600_000);

it('saves the models that were finished before it is interrupted', async () => {
  const out = join(folder, 'interrupted-late');
  const flags = [
    '--transfer-size',
    '500',
    '--epochs',
    '500',
    '--teacher-epochs',
    '1',
    '--seeds',
    '1',
    '--out',
    out,
  ];
  const { code, text } = await interruptAt('Training the distilled student ...', [...node, ...flags]);
  expect(code).toBe(130);
  expect(text).toContain('The teacher, trained to its end');
  for (const name of ['teacher', 'teacher-on-the-transfer-set', 'student-alone']) {
    expect(readdirSync(join(out, 'interrupted', name)).sort()).toEqual(model);
  }
}, 600_000);

it('refuses flags that make no sense, and says why', () => {
  const run = (...flags: string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [...node, ...flags], { encoding: 'utf8' });
    expect(status).toBe(1);
    return stderr;
  };
  expect(run('--temperature', '0')).toContain('above 0');
  expect(run('--transfer-size', '60000')).toContain('from 100 to 55000');
  expect(run('--backend', 'abacus')).toContain('Allowed choices');
  const refused = run('--out', '/dev/null/results');
  expect(refused).toContain('--out must be a folder that can be written to; received "/dev/null/results"');
  expect(refused).toContain('[KD_FILE_WRITE]');
}, 120_000);
