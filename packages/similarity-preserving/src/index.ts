export { rowsToUnitLength, rowsToUnitSum } from './normalize-rows.js';
export type { NormalizeRows } from './normalize-rows.js';
export { similarityPreservingLoss } from './similarity-preserving-loss.js';
export type { SimilarityPreservingLossOptions } from './similarity-preserving-loss.js';
export { similarityPreserving } from './similarity-preserving.js';
export type { SimilarityPreservingOptions } from './similarity-preserving.js';
