export { multiLevelLoss } from './multi-level-loss.js';
export type { MultiLevelLossOptions } from './multi-level-loss.js';
export { multiLevel } from './multi-level.js';
export type { MultiLevelOptions } from './multi-level.js';
