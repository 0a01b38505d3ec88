export { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './terms/hard-target.js';
export type { HardClassTermOptions, HardTermOptions } from './terms/hard-target.js';
export { logitMatching } from './terms/logit-matching.js';
export { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './terms/soft-target.js';
export type { JensenShannonTermOptions } from './terms/soft-target.js';
export type { SoftTermOptions } from './terms/soft-terms.js';
export type { TermOptions } from '@kd/core';
