export { distillationLoss } from './distillation-loss.js';
export type { DistillationOptions, SoftAndHardTargets } from './distillation-loss.js';
export { forCompile, packedDistillationLoss, packTargets } from './for-compile.js';
export type { CompileLoss } from './for-compile.js';
export { logitsFromProbabilities, softTargetLossFromProbabilities } from './from-probabilities.js';
export { hardTargetLoss, hardTargetLossFromDistributions } from './hard-target-loss.js';
export type { HardTargetOptions } from './hard-target-loss.js';
export { jensenShannonLoss } from './jensen-shannon-loss.js';
export type { JensenShannonOptions } from './jensen-shannon-loss.js';
export { logitsOfOutput, studentLogitsOfOutput } from './logits-of-output.js';
export type { ConventionWithLogits } from './logits-of-output.js';
export { logitMatchingLoss } from './logit-matching-loss.js';
export { arithmeticMean, geometricMean } from './mix-targets.js';
export type { MixTargets, MixTargetsOptions } from './mix-targets.js';
export { reverseSoftTargetLoss } from './reverse-soft-target-loss.js';
export { skewReverseSoftTargetLoss } from './skew-reverse-soft-target-loss.js';
export { skewSoftTargetLoss } from './skew-soft-target-loss.js';
export type { SkewOptions } from './skew-options.js';
export { sigmoidHardTargetLoss } from './sigmoid-hard-target-loss.js';
export {
  sigmoidLogitsFromProbabilities,
  sigmoidSoftTargetCrossEntropy,
  sigmoidSoftTargetLoss,
} from './sigmoid-soft-target-loss.js';
export { softTargetCrossEntropy, softTargetLoss, softTargetLossFromLogTargets } from './soft-target-loss.js';
export { softTargetLossFromTop } from './soft-target-loss-from-top.js';
export type { SoftTargetOptions } from './soft-target-options.js';
export { accuracy } from './terms/accuracy.js';
export type { AccuracyOptions } from './terms/accuracy.js';
export { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './terms/hard-target.js';
export type { HardClassTermOptions, HardTargetTermOptions, HardTermOptions } from './terms/hard-target.js';
export type { OutputTermOptions } from './terms/options.js';
export { logitMatching } from './terms/logit-matching.js';
export { softTargetFromTop } from './terms/soft-target-from-top.js';
export { skewReverseSoftTarget, skewSoftTarget } from './terms/skew-soft-target.js';
export type { SkewTermOptions } from './terms/skew-soft-target.js';
export { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './terms/soft-target.js';
export type { JensenShannonTermOptions } from './terms/soft-target.js';
export type { SoftTermOptions } from './terms/soft-terms.js';
export type { TopTargets } from './top-targets.js';
