import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runScript } from '@kd/testing/run-script';
import { expect, it } from 'vitest';
import { withFolder } from '../../test/small.js';

const program = new URL('../../test/store-process.ts', import.meta.url);

it.each(['images', 'texts'])(
  'a run that is killed by kill -9 at random moments loses nothing, and stores nothing twice: %s',
  (kind) =>
    withFolder(async (folder) => {
      const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
      const args = [String(3000), String(64), kind];
      await runScript(program, [whole, ...args]);
      const stored: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        // A line appears after each batch. The process runs on until the signal arrives, so it may be killed
        // anywhere.
        await runScript(program, [out, ...args], (lines, child) => {
          if (lines.length >= 2 + 23 * attempt) child.kill('SIGKILL');
        });
        const manifest = await readFile(join(out, 'manifest.json'), 'utf8').catch(() => '{"count":0}');
        stored.push((JSON.parse(manifest) as { count: number }).count);
      }
      expect(stored).toEqual(stored.toSorted((a, b) => a - b));
      expect(stored.some((count) => count > 0 && count < 3000)).toBe(true);
      const { code, errors } = await runScript(program, [out, ...args]);
      expect(code, errors).toBe(0);
      expect((await readdir(out)).sort()).toEqual((await readdir(whole)).sort());
      for (const name of await readdir(whole)) {
        expect(await readFile(join(out, name))).toEqual(await readFile(join(whole, name)));
      }
    }),
  120_000,
);
