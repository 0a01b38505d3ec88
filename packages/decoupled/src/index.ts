export { decoupledLoss } from './decoupled-loss.js';
export type { DecoupledLossOptions } from './decoupled-loss.js';
export { decoupled } from './decoupled.js';
export type { DecoupledOptions } from './decoupled.js';
