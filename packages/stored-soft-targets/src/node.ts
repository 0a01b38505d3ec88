export { describeSet } from './read/describe-set.js';
export { mergeShards } from './merge/merge-shards.js';
export type { MergeResult } from './merge/merge-shards.js';
export { storedTeacher } from './read/stored-teacher.js';
export type { StoredTeacher, StoredTeacherOptions } from './read/stored-teacher.js';
export { storeSoftTargets } from './store/store-soft-targets.js';
export type { StoreOptions, StoreProgress, StoreResult } from './store/options.js';
