import * as module from '@kd/stored-soft-targets';
import * as nodeModule from '@kd/stored-soft-targets/node';
import { join } from 'node:path';
import type { ValidCallsOf } from '../valid-call.js';
import { data, directory, soon, teacher } from './values.js';

const top = () => ({ classes: [0], values: [0.9], logRemaining: -2, logits: false });
const row = () => new Float32Array(3);
const stored = async (more: Partial<nodeModule.StoreOptions>): Promise<string> => {
  const out = directory();
  await nodeModule.storeSoftTargets({ teacher: teacher(), data: data(), out, ...more });
  return out;
};

export const storedSoftTargets: ValidCallsOf<typeof module> = {
  ignoreRemaining: { args: () => [top(), row()], checked: [], writes: true },
  parseShard: () => ['1/2'],
  shardOfEnvironment: () => [{ SLURM_PROCID: '0', SLURM_NTASKS: '2' }, { count: 2 }],
  spreadEvenly: { args: () => [top(), row()], checked: [], writes: true },
};

export const storedSoftTargetsNode: ValidCallsOf<typeof nodeModule> = {
  describeSet: async () => [await stored({})],
  mergeShards: async () => [await stored({ shard: { index: 0, count: 1 } })],
  storeSoftTargets: () => [
    {
      teacher: teacher(),
      data: data(),
      out: join(directory(), 'out'),
      outputs: ['output'],
      taps: [],
      batchSize: 2,
      dtype: 'float32',
      topK: 1,
      rowsPerFile: 2,
      onProgress: () => undefined,
      signal: soon(),
    },
  ],
  storedTeacher: {
    args: async () => [await stored({ topK: 1 }), { remaining: module.spreadEvenly, checkInputs: 0 }],
    use: (made) => made.describe({ taps: [] }),
  },
};
