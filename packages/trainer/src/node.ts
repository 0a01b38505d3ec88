export { abortOnInterrupt } from './abort-on-interrupt.js';
export type { Interrupt } from './abort-on-interrupt.js';
