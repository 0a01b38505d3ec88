export { relationalLoss } from './relational-loss.js';
export type { RelationalLossOptions } from './relational-loss.js';
export { relational } from './relational.js';
export type { RelationalOptions } from './relational.js';
