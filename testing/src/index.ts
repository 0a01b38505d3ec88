export { backends, useBackend } from './backends.js';
export { expectClose } from './expect-close.js';
export { expectKdError } from './expect-kd-error.js';
export { expectNoLeak } from './expect-no-leak.js';
export { numericGradient } from './numeric-gradient.js';
