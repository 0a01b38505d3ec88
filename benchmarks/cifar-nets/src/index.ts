export { nets } from './nets/index.js';
export type { NetName } from './nets/index.js';
export { pairs } from './pairs.js';
export type { Pair, PairName, Published } from './pairs.js';
export { learningRateAt, schedule } from './schedule.js';
export type { TrainingSettings } from './schedule.js';
export type { MakeNet, NetOptions, TappedNet } from './tapped-net.js';
