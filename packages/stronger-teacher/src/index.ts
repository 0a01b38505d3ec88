export { distLoss } from './dist-loss.js';
export type { DistLossOptions } from './dist-loss.js';
export { dist } from './dist.js';
export type { DistOptions } from './dist.js';
