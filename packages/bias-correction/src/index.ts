export { addToBias } from './add-to-bias.js';
export { correctBias } from './correct-bias.js';
export type { BiasCorrection, CorrectBiasOptions } from './correct-bias.js';
export { correctedBias } from './corrected-bias.js';
