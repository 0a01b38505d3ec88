import '@tensorflow/tfjs-backend-cpu';
import type { Batch } from '@kd/core';
import { useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { withFolder } from '../../test/small.js';
import { storeSoftTargets } from './store-soft-targets.js';

beforeAll(() => useBackend('cpu'));

describe('a file', () => {
  it.each([
    { shape: [null, null, 2 ** 20], lengths: [8, 7, 2], files: [2, 1] },
    { shape: [null, 2 ** 22], lengths: [1, 1, 1, 1, 1], files: [4, 1] },
  ])('is full at 64 MiB: $lengths of $shape', ({ shape, lengths, files }) =>
    withFolder(async (out) => {
      const info = { convention: 'values', shape } as const;
      const wide = {
        describe: () => Promise.resolve({ outputs: { output: info }, taps: [], fingerprint: 'f', frozen: true }),
        predict: ({ inputs }: Batch) => {
          const [rows = 0, length = 0] = inputs['x']?.shape ?? [];
          const { rank } = inputs['x'] ?? {};
          const output = ones(rank === 1 ? [rows, shape.at(-1) ?? 0] : [rows, length, shape.at(-1) ?? 0], 'int32');
          return { members: [{ outputs: { output }, weight: 1 }], taps: [] };
        },
      };
      const data = lengths.map((length, row) => ({
        inputs: { x: ones(shape.length === 2 ? [1] : [1, length]) },
        ids: [String(row)],
      }));
      await storeSoftTargets({ teacher: wide, data, out });
      const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as { files: { rows: number }[] };
      expect(manifest.files.map(({ rows }) => rows)).toEqual(files);
    }),
  ); // prettier-ignore
});
