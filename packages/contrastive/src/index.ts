export { contrastiveLoss } from './contrastive-loss.js';
export type { ContrastiveLossOptions } from './contrastive-loss.js';
export { contrastive } from './contrastive.js';
export type { ContrastiveOptions } from './options.js';
