// The bytes that a token takes in the files of a language model's targets: node --conditions=@kd/source
// --import tsx packages/stored-soft-targets/bench/bytes.ts
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Batch, Teacher } from '@kd/core';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import type { StoreOptions } from '@kd/stored-soft-targets/node';
import { add, log, ones, randomNormal, range, setBackend, sub, tensor, tidy } from '@tensorflow/tfjs-core';

await setBackend('cpu');
const [vocabulary, texts, batchSize] = [2048, 256, 32];
const lengthOf = (text: number): number => 16 + ((text * 37) % 113);

let seed = 1;
/** Logits of which the classes have the frequencies of words, with noise: bits as random as a model's. */
const teacher: Teacher = {
  describe: () =>
    Promise.resolve({
      outputs: { output: { convention: 'logits', shape: [null, null, vocabulary] } },
      taps: [],
      fingerprint: 'f',
      frozen: true,
    }),
  predict: ({ mask }) => {
    const shape = [...(mask?.shape ?? []), vocabulary];
    const output = tidy(() =>
      sub(randomNormal(shape, 0, 3, 'float32', seed++), log(add(range(0, vocabulary), 1))),
    );
    return { members: [{ outputs: { output }, weight: 1 }], taps: [] };
  },
};

function* batches(): Generator<Batch> {
  for (let at = 0; at < texts; at += batchSize) {
    const lengths = Array.from({ length: batchSize }, (_, row) => lengthOf(at + row));
    const padded = Math.max(...lengths);
    const mask = lengths.map((length) =>
      Array.from({ length: padded }, (_, place) => Number(place < length)),
    );
    yield {
      inputs: { x: ones([batchSize, padded]) },
      mask: tensor(mask),
      ids: lengths.map((_, row) => `text-${String(at + row)}`),
    };
  }
}

const tokens = Array.from({ length: texts }, (_, text) => lengthOf(text)).reduce((sum, one) => sum + one, 0);
console.log(`V = ${String(vocabulary)}, ${String(texts)} texts, ${String(tokens)} tokens`);
const ways: [Partial<StoreOptions>, number][] = [8, 32].flatMap((k): [Partial<StoreOptions>, number][] => [
  [{ topK: k }, 8 * k + 4],
  [{ topK: k, dtype: 'float16' }, 6 * k + 4],
]);
ways.push([{}, 4 * vocabulary], [{ dtype: 'float16' }, 2 * vocabulary]);
for (const [how, arithmetic] of ways) {
  const out = await mkdtemp(join(tmpdir(), 'kd-bench-'));
  await storeSoftTargets({ teacher, data: batches, out, ...how });
  let bytes = 0;
  for (const name of await readdir(out)) {
    if (name.endsWith('.parquet')) bytes += (await stat(join(out, name))).size;
  }
  await rm(out, { recursive: true });
  console.log(
    `${JSON.stringify(how)}: ${String(arithmetic)} by arithmetic, ${(bytes / tokens).toFixed(1)} in the files`,
  );
}
