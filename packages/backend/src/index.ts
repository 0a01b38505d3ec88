export { registerTrainingKernels } from './register-training-kernels.js';
export type { RegisteredKernels } from './register-training-kernels.js';
