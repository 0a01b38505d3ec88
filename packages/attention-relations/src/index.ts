export { attentionLogitsLoss } from './attention-logits-loss.js';
export type { AttentionLogitsLossOptions } from './attention-logits-loss.js';
export { attentionLogits } from './attention-logits.js';
export type { AttentionLogitsOptions } from './attention-logits.js';
export { attentionRelationsLoss } from './attention-relations-loss.js';
export type { AttentionRelationsLossOptions } from './attention-relations-loss.js';
export { attentionRelations } from './attention-relations.js';
export type { AttentionRelationsOptions } from './attention-relations.js';
