// Tests a package of each kind against the sources of @kd. `npm run check:create-method` does so with each
// package manager, against what would be published.
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { createMethod } from './create-method.js';
import { kinds } from './template.js';

// In the package, so that imports are resolved as in an author's one.
const cache = fileURLToPath(new URL('../.cache/', import.meta.url));
afterAll(() => rm(cache, { recursive: true, force: true }));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const NODE_OPTIONS = '--conditions=@kd/source --import tsx';

it.each(kinds)(
  'passes its tests as it is written: %s',
  async (kind) => {
    await mkdir(cache, { recursive: true });
    const { files, names } = await createMethod({ name: `@me/${kind}-method-loss`, kind }, cache);
    const folder = join(cache, names.folder);
    // Inside a test of node:test, `node --test` would not start another one.
    const env = { ...process.env, NODE_OPTIONS, NODE_TEST_CONTEXT: undefined };
    const node = (...args: readonly string[]): Promise<string> =>
      new Promise((resolve) => {
        execFile(process.execPath, args, { cwd: folder, env }, (_, stdout, stderr) => {
          resolve(stdout + stderr);
        });
      });
    // Types are checked with the repository's.
    expect(await node(tsc, '--noCheck', '--customConditions', '@kd/source')).toBe('');
    const tests = files
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => file.replace(/^src\/(.*)\.ts$/, 'dist/$1.js'));
    expect(tests).toHaveLength(2);
    const output = await node('--test', '--test-reporter', 'spec', ...tests);
    expect(output).toMatch(/ℹ fail 0\n/);
    expect(Number(/ℹ pass (\d+)\n/.exec(output)?.[1])).toBeGreaterThan(20);
  },
  120_000,
);
