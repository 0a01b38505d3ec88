export { applyBiasOffsets } from './apply-bias-offsets.js';
export { fitBiasOffsets } from './fit-bias-offsets.js';
export type { BiasCorrection, FitBiasOffsetsOptions } from './fit-bias-offsets.js';
export { biasWithOffsets } from './bias-with-offsets.js';
