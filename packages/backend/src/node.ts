export type { BackendName } from './select-backend/backend-name.js';
export { selectBackend } from './select-backend/select-backend.js';
export type { SelectBackendOptions, SelectedBackend } from './select-backend/choose-backend.js';
export type { SkippedBackend } from './select-backend/try-candidate.js';
