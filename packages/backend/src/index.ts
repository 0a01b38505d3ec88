export { registerTrainingKernels } from './register-training-kernels.js';
export type { RegisteredKernels } from './register-training-kernels.js';
export type { BackendName } from './select-backend/backend-name.js';
export type {
  SelectBackendOptions,
  SelectedBackend,
  SkippedBackend,
} from './select-backend/choose-backend.js';
export { selectBackend } from './select-backend/select-backend-in-browser.js';
