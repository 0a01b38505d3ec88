export { ignoreRemaining, spreadEvenly } from './remaining-mass.js';
export type { RemainingMass, TopRow } from './remaining-mass.js';
export { parseShard } from './shard.js';
export type { Shard } from './shard.js';
export { shardOfEnvironment } from './shard-of-environment.js';
export type { ShardOfEnvironmentOptions } from './shard-of-environment.js';
