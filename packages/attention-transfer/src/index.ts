export { attentionMap } from './attention-map.js';
export type { AttentionMapOptions } from './attention-map.js';
export { attentionTransferLoss } from './attention-transfer-loss.js';
export type { AttentionTransferLossOptions } from './attention-transfer-loss.js';
export { attentionTransfer } from './attention-transfer.js';
export type { AttentionTransferOptions } from './attention-transfer.js';
export { euclideanDistance, meanSquaredDifference } from './map-distance.js';
export type { MapDistance } from './map-distance.js';
