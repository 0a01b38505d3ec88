import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelDirectory } from '@kd/files';

const folder = await mkdtemp(join(tmpdir(), 'kd-smoke-'));
const directory = modelDirectory(join(folder, 'model'));
const weightSpecs = [{ name: 'w', shape: [1], dtype: 'float32' }];
await directory.save({ modelTopology: { a: 1 }, weightSpecs, weightData: Float32Array.of(7).buffer });
const loaded = await directory.load();
if (new Float32Array(loaded.weightData)[0] !== 7) throw new Error('The weight is not what was saved');
await rm(folder, { recursive: true });
console.log('works');
