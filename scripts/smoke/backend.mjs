import '@tensorflow/tfjs-backend-wasm';
import { registerTrainingKernels } from '@kd/backend';

const registered = registerTrainingKernels();
if (registered[0]?.backend !== 'wasm') throw new Error('No kernel was registered for wasm');
if (registerTrainingKernels().length !== 0) throw new Error('Kernels are registered twice');
console.log('works');
