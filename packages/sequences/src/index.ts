export { generate } from './generation/generate.js';
export type { GenerateOptions, LanguageModelOptions } from './generation/generate.js';
export { onPolicy } from './generation/on-policy.js';
export type { OnPolicyOptions } from './generation/on-policy.js';
export type { SamplingOptions } from './generation/sampling.js';
export { universalLogitLoss } from './universal-logit-loss.js';
export type { UniversalLogitLossOptions } from './universal-logit-loss.js';
export { universalLogit } from './universal-logit.js';
export type { UniversalLogitOptions } from './universal-logit.js';
