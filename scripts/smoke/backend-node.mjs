import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matMul, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { modelDirectory, selectBackend } from '@kd/backend/node';

const { name } = await selectBackend({ require: 'wasm' });
if (name !== 'wasm') throw new Error(`The backend is ${name}`);
const x = tensor2d([[1], [2]]);
const [product] = await matMul(x, x, true, false).data();
if (product !== 5) throw new Error(`matMul gave ${product}`);

const folder = await mkdtemp(join(tmpdir(), 'kd-smoke-'));
const directory = modelDirectory(join(folder, 'model'));
const weightSpecs = [{ name: 'w', shape: [1], dtype: 'float32' }];
await directory.save({ modelTopology: { a: 1 }, weightSpecs, weightData: Float32Array.of(7).buffer });
const loaded = await directory.load();
if (new Float32Array(loaded.weightData)[0] !== 7) throw new Error('The weight is not what was saved');
await rm(folder, { recursive: true });
console.log('works');
