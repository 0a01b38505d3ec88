import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runScript } from '@kd/testing/run-script';
import { expect, it } from 'vitest';
import { withFolder } from '../../test/small.js';

// Their logits are 40 MB and their ids as strings in a Set 90 MB; the index of ids is 40.
it(
  'holds a million examples in hardly more memory than a hundred thousand',
  () =>
    withFolder(async (folder) => {
      const peak = async (count: number): Promise<number> => {
        const { code, output, errors } = await runScript(
          new URL('../../test/store-many.ts', import.meta.url),
          [join(folder, String(count)), String(count)],
        );
        expect(code, errors).toBe(0);
        return Number(output);
      };
      const few = await peak(100_000);
      const many = await peak(1_000_000);
      console.log(`peak of 100,000: ${String(few)} MB; of 1,000,000: ${String(many)} MB`);
      expect(await readdir(join(folder, '1000000'))).toHaveLength(101);
      expect(many - few).toBeLessThan(120);
    }),
  180_000,
);
