export { factorLoss } from './factor-loss.js';
export type { FactorLossOptions } from './factor-loss.js';
export { factorTransfer } from './factor-transfer.js';
export type { FactorTransfer, FactorTransferOptions } from './factor-transfer.js';
