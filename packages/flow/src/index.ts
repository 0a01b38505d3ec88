export { flowLoss } from './flow-loss.js';
export type { FlowLossOptions } from './flow-loss.js';
export { flow } from './flow.js';
export type { FlowOptions } from './flow.js';
