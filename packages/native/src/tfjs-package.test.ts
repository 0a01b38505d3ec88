import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryPackage } from './tfjs-package.js';

// The process of a trial is started as this one is, which vitest has compile TypeScript in another way.
process.execArgv.push('--import', import.meta.resolve('tsx'));
// Node 23 and later are without these.
const asInNode23 = 'import util from "node:util"; delete util.isArray; delete util.isNullOrUndefined;';
process.execArgv.push('--import', `data:text/javascript,${encodeURIComponent(asInNode23)}`);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kd-package-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Tries a package whose code is `body`. */
async function tried(body: string, seconds?: number): ReturnType<typeof tryPackage> {
  await writeFile(join(directory, 'index.js'), body);
  return tryPackage({ name: 'tfjs', version: '4.22.0', directory, napi: 8 }, '/the/entry', seconds);
}
const computing = (product: string): string => `exports.tensor2d = () => 0;
exports.matMul = () => ({ data: async () => [${product}] });
exports.backend = () => ({ binding: { TF_Version: '2.21.0' }, isUsingGpuDevice: true });`;

describe('the trial of a package', () => {
  it('reports what computed, and ends a process that does not end itself', async () => {
    const pid = join(directory, 'pid');
    const goingOn = `require('node:fs').writeFileSync(${JSON.stringify(pid)}, String(process.pid)); setInterval(() => 0, 1000);`;
    expect(await tried(computing('11') + goingOn)).toEqual({ tensorflow: '2.21.0', gpu: true });
    const id = Number(await readFile(pid, 'utf8'));
    while (isAlive(id)) await setTimeout(20);
  });

  it('adds what newer versions of Node lack, and lets TensorFlow report only errors', async () => {
    const shims = `const { isArray, isNullOrUndefined } = require('node:util');
const fits = isArray([]) && !isArray({}) && isNullOrUndefined(null) && !isNullOrUndefined(0);
const level = process.env.TF_CPP_MIN_LOG_LEVEL;
if (!fits || level !== '2') throw new Error('shims ' + fits + ', level ' + level);`;
    await expect(tried(shims + computing('11'))).resolves.toMatchObject({ gpu: true });
  });

  it('refuses a package that does not load, computes wrong values, crashes or hangs, and says why', async () => {
    const refused = (body: string, ...says: string[]) =>
      expectKdError(() => tried(body), 'KD_BUILD_FAILED', '"/the/entry"', ...says);
    await refused("throw new Error('undefined symbol');", 'Error: undefined symbol');
    await refused(computing('12'), '1 * 3 + 2 * 4 = 12');
    await refused("console.error('no such GPU'); process.exit(3);", 'its process ended, code 3: no such GPU');
    await refused("process.kill(process.pid, 'SIGILL');", 'its process ended, SIGILL: ');
    const hanging = (): Promise<unknown> => tried('while (true);', 0.5);
    await expectKdError(hanging, 'KD_BUILD_FAILED', 'it did not answer within 0.5 seconds: ');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
