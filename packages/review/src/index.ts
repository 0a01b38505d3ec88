export { hierarchicalContextLoss } from './hierarchical-context-loss.js';
export { review } from './review.js';
export type { ReviewOptions } from './review.js';
