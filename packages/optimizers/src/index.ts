export { adam } from './adam.js';
export type { AdamOptimizer, AdamOptions } from './adam.js';
export { adamW } from './adam-w.js';
export type { AdamWOptimizer, AdamWOptions } from './adam-w.js';
export { rmsprop } from './rmsprop.js';
export type { RmspropOptimizer, RmspropOptions } from './rmsprop.js';
export { sgd } from './sgd.js';
export type { SgdOptimizer, SgdOptions } from './sgd.js';
export type { OptimizerOptions } from './optimizer-options.js';
