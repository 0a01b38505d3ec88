export { myMethodLoss } from './my-method-loss.js';
export type { MyMethodLossOptions } from './my-method-loss.js';
export { myMethod } from './my-method.js';
export type { MyMethodOptions } from './my-method.js';
