export { asData } from './as-data.js';
export { digitsOfIdx, loadDigits, pixels, select, slice } from './digits.js';
export type { Digits } from './digits.js';
