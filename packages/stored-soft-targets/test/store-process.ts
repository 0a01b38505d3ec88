// Stores targets in a separate process, to be killed: node store-process.ts <out> <examples> <rows per file>
// images|texts
import '@tensorflow/tfjs-backend-cpu';
import process from 'node:process';
import { setBackend } from '@tensorflow/tfjs-core';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { examples, sineTeacher } from './small.js';
import { batchesOf, textTeacher } from './texts.js';

const [out = '', count = '', rowsPerFile = '', kind] = process.argv.slice(2);
const n = Number(count);
await setBackend('cpu');
process.stdout.write('started\n');
const texts = Array.from({ length: n }, (_, text) => text);
await storeSoftTargets({
  ...(kind === 'texts'
    ? { teacher: textTeacher(), data: batchesOf(texts, 16), topK: { output: 2 } }
    : { teacher: sineTeacher(), data: examples(n), batchSize: 16 }),
  out,
  rowsPerFile: Number(rowsPerFile),
  onProgress: ({ stored }) => {
    process.stdout.write(`${String(stored)}\n`);
  },
});
