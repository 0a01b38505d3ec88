import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { saveResult } from '../results.js';
import type { RowsResult } from '../results.js';
import { measured } from './measured.js';

const times = (peer: 'torch' | 'compiled', ms: number) => ({
  peer,
  ms,
  best: ms / 2,
  rounds: [{ median: ms, best: ms / 2 }],
});

const result: RowsResult = {
  isa: 'unrestricted',
  machine: { processor: 'P', cores: 2, node: 'v20' },
  settings: { rounds: 1, steps: 3, reruns: 0, warmUp: 0 },
  about: { torch: 'PyTorch 2' },
  rows: [
    {
      work: 'conv-plain',
      peers: [
        { ...times('torch', 4), layout: 'channels-last' },
        { ...times('compiled', 3), compiled: true },
      ],
      rerun: 1,
      disturbed: 0,
    },
  ],
};

it('writes tables of what has been measured, and names the rest', async () => {
  vi.spyOn(console, 'log').mockReturnValue();
  const folder = await mkdtemp(join(tmpdir(), 'kd-'));
  try {
    await saveResult(folder, 'unrestricted', result);
    const text = await measured(folder);
    expect(text).toContain('| conv-plain | 4.00 (2.00, channels last) | 3.00 (1.50) |');
    expect(text).toContain('| conv-plain | **0.75** (0.75-0.75); 0.75 |  |  | met |');
    expect(text).toContain('is 0.75 (fastest steps: 0.75); its target of at most 0.60 is **missed**.');
    expect(text.match(/Not measured yet/g)).toHaveLength(3);
  } finally {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  }
});
