export { standardizeLogits } from './standardize-logits.js';
export { standardized } from './standardized.js';
