export { asData } from './as-data.js';
export { loadDigits, pixels, select, slice } from './digits.js';
export type { Digits } from './digits.js';
