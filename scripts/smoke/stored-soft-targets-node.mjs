import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { mul, tensor2d } from '@tensorflow/tfjs-core';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';

const output = { convention: 'logits', shape: [null, 2] };
const teacher = {
  describe: async () => ({ outputs: { output }, taps: [], fingerprint: 'doubles', frozen: true }),
  predict: async ({ inputs }) => ({
    members: [{ outputs: { output: mul(inputs.x, 2) }, weight: 1 }],
    taps: [],
  }),
};
const folder = await mkdtemp(join(tmpdir(), 'kd-smoke-'));
const inputs = {
  x: tensor2d([
    [1, 2],
    [3, 4],
  ]),
};
await storeSoftTargets({ teacher, data: { inputs, ids: ['a', 'b'] }, out: folder });
const stored = await storedTeacher(folder);
const { members } = await stored.predict(
  { inputs: { x: tensor2d([[3, 4]]) }, ids: ['b'] },
  { outputs: ['output'], taps: [] },
);
const values = await members[0].outputs.output.data();
if (values.join() !== '6,8') throw new Error(`The stored teacher gave ${values}`);
await rm(folder, { recursive: true });
console.log('works');
