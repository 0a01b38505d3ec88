// Stores targets in a separate process, to be killed: node store-process.ts <out> <examples> <rows per file>
// [index/count]
import '@tensorflow/tfjs-backend-cpu';
import process from 'node:process';
import { setBackend } from '@tensorflow/tfjs-core';
import { parseShard } from '@kd/stored-soft-targets';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { examples, sineTeacher } from './small.js';

const [out = '', count = '', rowsPerFile = '', shard] = process.argv.slice(2);
await setBackend('cpu');
process.stdout.write('started\n');
await storeSoftTargets({
  teacher: sineTeacher(),
  data: examples(Number(count)),
  out,
  batchSize: 16,
  rowsPerFile: Number(rowsPerFile),
  ...(shard === undefined ? {} : { shard: parseShard(shard) }),
  onProgress: ({ stored }) => {
    process.stdout.write(`${String(stored)}\n`);
  },
});
