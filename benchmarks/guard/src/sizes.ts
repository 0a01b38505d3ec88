import type { Backend } from './messages.js';
import type { Size } from './recipes/index.js';

// A step on cpu takes a hundred times as long, so cpu trainings have fewer and smaller steps.
const small: Size = { batch: 8, batches: 8, epochs: 4, width: 16, side: 8 };
const large: Size = { batch: 32, batches: 15, epochs: 4, width: 64, side: 12 };

/** The sizes of the trainings on each backend. */
export const sizes: Readonly<Record<Backend, Size>> = { cpu: small, wasm: large, native: large };
