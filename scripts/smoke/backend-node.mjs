import { matMul, tensor2d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { selectBackend } from '@kd/backend/node';

const { name } = await selectBackend({ require: 'wasm' });
if (name !== 'wasm') throw new Error(`The backend is ${name}`);
const x = tensor2d([[1], [2]]);
const [product] = await matMul(x, x, true, false).data();
if (product !== 5) throw new Error(`matMul gave ${product}`);
console.log('works');
