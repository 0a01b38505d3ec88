// The cost of a look-up per step, on wasm: node --conditions=@kd/source --import tsx
// packages/stored-soft-targets/bench/lookup.ts
import '@tensorflow/tfjs-backend-wasm';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Teacher } from '@kd/core';
import { spreadEvenly } from '@kd/stored-soft-targets';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { randomNormal, setBackend, tensor } from '@tensorflow/tfjs-core';

await setBackend('wasm');
const [examples, width, batchSize, rounds] = [5120, 784, 128, 400];
const folder = await mkdtemp(join(tmpdir(), 'kd-bench-'));
const values = Float32Array.from({ length: examples * width }, (_, index) => Math.sin(index));
const ids = Array.from({ length: examples }, (_, row) => `example-${String(row)}`);

for (const classes of [10, 1000]) {
  const teacher: Teacher = {
    describe: () =>
      Promise.resolve({
        outputs: { output: { convention: 'logits', shape: [null, classes] } },
        taps: [],
        fingerprint: 'f',
        frozen: true,
      }),
    predict: ({ ids: asked = [] }) =>
      Promise.resolve({
        members: [{ outputs: { output: randomNormal([asked.length, classes]) }, weight: 1 }],
        taps: [],
      }),
  };
  const data = { inputs: { values, shape: [examples, width] }, ids };
  for (const how of [{}, { dtype: 'float16' as const }, { topK: 5 }]) {
    const out = join(folder, `${String(classes)}-${JSON.stringify(how)}`);
    await storeSoftTargets({ teacher, data, out, ...how });
    for (const checkInputs of [1, 0]) {
      const read = 'topK' in how ? { remaining: spreadEvenly, checkInputs } : { checkInputs };
      const stored = await storedTeacher(out, read);
      const x = tensor(values.subarray(0, batchSize * width), [batchSize, width]);
      const batch = { inputs: { x }, ids: ids.slice(0, batchSize) };
      let start = process.cpuUsage();
      for (let round = -50; round < rounds; round++) {
        if (round === 0) start = process.cpuUsage();
        const { members } = await stored.predict(batch, { outputs: ['output'], taps: [] });
        members[0]?.outputs['output']?.dispose();
      }
      const { user, system } = process.cpuUsage(start);
      const milliseconds = ((user + system) / 1000 / rounds).toFixed(3);
      console.log(
        `${String(classes)} classes, ${JSON.stringify(how)}, ${String(checkInputs)} compared: ${milliseconds} ms a batch of ${String(batchSize)}`,
      );
      x.dispose();
    }
  }
}
await rm(folder, { recursive: true });
