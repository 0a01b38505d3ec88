export { probabilisticLoss } from './probabilistic-loss.js';
export type { ProbabilisticLossOptions } from './probabilistic-loss.js';
export { probabilistic } from './probabilistic.js';
export type { ProbabilisticOptions } from './probabilistic.js';
