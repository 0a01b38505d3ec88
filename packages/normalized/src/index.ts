export { normalizedLoss } from './normalized-loss.js';
export type { NormalizedLossOptions } from './normalized-loss.js';
export { normalized } from './normalized.js';
export type { NormalizedOptions } from './normalized.js';
