// Stores many examples and prints the peak memory of the process, in MB: node store-many.ts <out> <examples>
import '@tensorflow/tfjs-backend-cpu';
import process from 'node:process';
import type { Batch, Teacher } from '@kd/core';
import { setBackend, tensor } from '@tensorflow/tfjs-core';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';

const [out = '', count = ''] = process.argv.slice(2);
const [size, classes] = [500, 10];
await setBackend('cpu');

function* batches(): Generator<Batch> {
  for (let at = 0; at < Number(count); at += size) {
    const values = Float32Array.from({ length: 2 * size }, (_, index) => at + index);
    const ids = Array.from({ length: size }, (_, row) => `img-${String(at + row)}`);
    yield { inputs: { x: tensor(values, [size, 2]) }, ids };
  }
}
const teacher: Teacher = {
  describe: () =>
    Promise.resolve({
      outputs: { output: { convention: 'logits', shape: [null, classes] } },
      taps: [],
      fingerprint: 'sines',
      frozen: true,
    }),
  predict: async ({ inputs: { x } }) => {
    const values = (await x?.data()) ?? [];
    const logits = Float32Array.from({ length: size * classes }, (_, at) =>
      Math.sin((values[at >> 3] ?? 0) + at),
    );
    return { members: [{ outputs: { output: tensor(logits, [size, classes]) }, weight: 1 }], taps: [] };
  },
};
await storeSoftTargets({ teacher, data: batches, out });
// In kilobytes on Linux and macOS.
console.log((process.resourceUsage().maxRSS / 1024).toFixed(0));
