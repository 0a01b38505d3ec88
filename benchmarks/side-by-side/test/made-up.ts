// Results of no training, for tests.
import type { Agreement, RunResult } from '../src/results.js';
import { full } from '../src/settings.js';
import type { Time } from '../src/time.js';

const run = (name: string, losses: readonly number[], weights?: number): RunResult => ({
  name,
  about: 'nothing',
  losses,
  digest: '0',
  ...(weights === undefined ? {} : { weights }),
  testErrors: losses.length,
});

/** Two steps of some runs; those of the other peers are missing. */
export const agreement: Agreement = {
  key: 'made-up',
  settings: { ...full, steps: 2 },
  runs: [
    run('sgd: ours on wasm', [4, 2]),
    run('sgd: PyTorch', [4, 2.5], 0.125),
    run('sgd: Keras', [4, 2], 0),
    run('adam: ours on wasm', [4, 1]),
    run('relu: ours on wasm', [4, 3]),
    run('relu: PyTorch', [4, 3], 0),
    run('relu: PyTorch, reversed, to PyTorch', [4, 6], 0.5),
    run('differences: ours, soft targets only', [8, 4]),
    run('differences: torchdistill, alpha = 0', [0.5, 0.5], 0.1),
  ],
};

/** Three rounds of two peers. */
export const time: Time = {
  key: 'made-up',
  machine: { processor: 'none', cores: 2, node: 'v20' },
  amount: { warmUp: 0, rounds: 3, steps: 1 },
  rows: [
    { peer: 'wasm', about: '', rounds: [3, 1, 2], peakBytes: 100 * 2 ** 20 },
    { peer: 'torch', about: '', rounds: [2, 4, 1], peakBytes: 200 * 2 ** 20 },
  ],
};
