// Runs in the project of the check: distils on cpu and on WebGPU, and prints the largest difference of the
// losses.
import { selectBackend } from '@kd/backend/node';
import { env } from '@tensorflow/tfjs-core';
import { distil } from './distil.js';

const size = { teacherEpochs: 2, epochs: 3 };
await selectBackend({ require: 'cpu' });
const cpu = await distil(size);

const { device } = await selectBackend({ require: 'webgpu' });
// Otherwise the backend computes small tensors on the processor.
env().set('WEBGPU_CPU_FORWARD', false);
const webgpu = await distil(size);

const differences = webgpu.losses.map((loss, epoch) => Math.abs(loss / cpu.losses[epoch] - 1));
const tensors = webgpu.tensorsAfter - webgpu.tensorsBefore;
console.log(JSON.stringify({ device, difference: Math.max(...differences), losses: webgpu.losses, tensors }));
