export { featureQueueLoss } from './feature-queue-loss.js';
export type { FeatureQueueLossOptions } from './feature-queue-loss.js';
export { featureQueue } from './feature-queue.js';
export type { FeatureQueueOptions } from './feature-queue.js';
