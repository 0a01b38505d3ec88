export { modelDirectory } from './model-directory/model-directory.js';
export { registerFileScheme } from './model-directory/register-file-scheme.js';
export type { BackendName } from './select-backend/backend-name.js';
export { selectBackend } from './select-backend/select-backend.js';
export type { SelectBackendOptions, SelectedBackend } from './select-backend/choose-backend.js';
export type { SkippedBackend } from './select-backend/try-candidate.js';
