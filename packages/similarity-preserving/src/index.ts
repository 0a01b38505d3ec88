export type { NormalizeRows } from './normalize-rows.js';
export { rowsToUnitLength } from './rows-to-unit-length.js';
export { rowsToUnitSum } from './rows-to-unit-sum.js';
export { similarityPreservingLoss } from './similarity-preserving-loss.js';
export type { SimilarityPreservingLossOptions } from './similarity-preserving-loss.js';
export { similarityPreserving } from './similarity-preserving.js';
export type { SimilarityPreservingOptions } from './similarity-preserving.js';
