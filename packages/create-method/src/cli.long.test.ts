import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kd-create-'));
});
afterEach(() => rm(folder, { recursive: true }));

const command = fileURLToPath(new URL('cli.ts', import.meta.url));
const start = ['--conditions=@kd/source', '--import', import.meta.resolve('tsx'), command];

/** Runs the command where nobody can be asked. */
function ran(...args: string[]): Promise<{ code: unknown; output: string; errors: string }> {
  const env = { ...process.env, npm_config_user_agent: 'pnpm/9.0.0 npm/? node/v20.19.0' };
  return new Promise((resolve) => {
    execFile(process.execPath, [...start, ...args], { cwd: folder, env }, (error, output, errors) => {
      resolve({ code: error?.code ?? 0, output, errors });
    });
  });
}

it('writes a package, and names the commands of the package manager', async () => {
  const { code, output } = await ran('@me/wttm-loss', '--kind', 'logits');
  expect([code, await readdir(folder)]).toEqual([0, ['wttm-loss']]);
  expect(output).toContain('  cd wttm-loss\n  pnpm install\n  pnpm test\n');
  expect(output).toContain('src/wttm-loss.ts');
  const [, guide] = /blob\/main\/(\S+)\n/.exec(output) ?? [];
  expect(existsSync(new URL(`../../../${String(guide)}`, import.meta.url))).toBe(true);
});

it.each([
  [['Wttm'], /^KD_OPTION_RANGE: @kd\/create-method: the name must be .*\n$/],
  [['wttm', '--kind', 'labels'], /Allowed choices are features, logits, module/],
  [['wttm', '--force'], /unknown option '--force'/],
  [[], /a name is needed/],
])('ends with 1 and one line for %j', async (args, message) => {
  const { code, output, errors } = await ran(...args);
  expect([code, output, await readdir(folder)]).toEqual([1, '', []]);
  expect(errors).toMatch(message);
});

it('prints what there is to choose from', async () => {
  const { code, output } = await ran('--help');
  expect(code).toBe(0);
  expect(output).toContain('Usage: npx @kd/create-method [options] [name]\n');
  expect(output).toContain('  logits     compares their outputs\n');
});
