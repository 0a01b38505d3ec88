export { activationBoundaryLoss } from './activation-boundary-loss.js';
export type { ActivationBoundaryLossOptions } from './activation-boundary-loss.js';
export { activationBoundary } from './activation-boundary.js';
export type { ActivationBoundaryOptions } from './activation-boundary.js';
