export { universalLogitLoss } from './universal-logit-loss.js';
export type { UniversalLogitLossOptions } from './universal-logit-loss.js';
export { universalLogit } from './universal-logit.js';
export type { UniversalLogitOptions } from './universal-logit.js';
