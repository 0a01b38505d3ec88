export { registerTrainingKernels } from './register-training-kernels.js';
export type { RegisteredKernels } from './register-training-kernels.js';
export type { BackendName } from './select-backend/backend-name.js';
export type { SelectBackendOptions, SelectedBackend } from './select-backend/choose-backend.js';
export type { SkippedBackend } from './select-backend/try-candidate.js';
export { selectBackend } from './select-backend/select-backend-in-browser.js';
