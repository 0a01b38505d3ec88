export { AttentionContext } from './layers/attention-context.js';
export { AttentionScores } from './layers/attention-scores.js';
export { AttentionWeights } from './layers/attention-weights.js';
export { KeptPositions } from './layers/kept-positions.js';
export { LearnedPositions } from './layers/learned-positions.js';
export { RotaryPositions } from './layers/rotary-positions.js';
export { multiHeadAttention } from './multi-head-attention.js';
export { transformerBlock } from './transformer-block.js';
export type { MultiHeadAttentionOptions, TransformerBlockOptions } from './options.js';
