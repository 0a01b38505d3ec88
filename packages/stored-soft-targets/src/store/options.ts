import { abortSignal, fn, oneOf, optionsOf, teacher, text, unchecked, whole } from '@kd/core';
import type { FieldsOf, Options, Teacher } from '@kd/core';
import type { Data } from '@kd/data';
import { shard } from '../shard.js';
import type { Shard } from '../shard.js';

/** Options of `storeSoftTargets`. */
export interface StoreOptions {
  /** A frozen teacher; only its outputs are stored, no taps. */
  readonly teacher: Teacher;
  /** Arrays or tensors with ids, batches with ids, or a function that gives batches with ids. */
  readonly data: Data;
  /** The directory; made where it is not there. */
  readonly out: string;
  /** Examples that the teacher is asked for at once, for data in memory; a whole number >= 1, default 256. */
  readonly batchSize?: number;
  /** `float32`, the default: to the bit; or `float16`: half the bytes, rounded to 11 bits. */
  readonly dtype?: 'float32' | 'float16';
  /** Stores the k largest outputs of each example only, with their classes and the mass of all others; 1 <= k < number of classes. */
  readonly topK?: number;
  /** Examples in a Parquet file, which are held in memory; a whole number >= 1, default 10,000, fewer where they take more than 64 MiB. */
  readonly rowsPerFile?: number;
  /** Stores only one part of the data, in a directory of its own inside `out`; `mergeShards` makes them one set. */
  readonly shard?: Shard;
  /** Called after each batch. */
  readonly onProgress?: (progress: StoreProgress) => void;
  /** Ends the run; what is in files stays, and the same run later goes on from there. */
  readonly signal?: AbortSignal;
}

/** How far a run has come. */
export interface StoreProgress {
  /** Examples that were read. */
  readonly read: number;
  /** Examples of them that were stored before. */
  readonly found: number;
  /** Examples that are in files, those of earlier runs too. */
  readonly stored: number;
}

/** What came of a run. */
export interface StoreResult {
  /** Where the files are. */
  readonly directory: string;
  /** Examples in the set, or in the shard. */
  readonly count: number;
  /** Examples that this run added. */
  readonly added: number;
}

/** The function that complains. */
export const where = 'storeSoftTargets';

/** Describes the options of `storeSoftTargets`. The data and the size of its batches are checked together. */
export const storeOptions: Options<StoreOptions, FieldsOf<StoreOptions>> = optionsOf<StoreOptions>()({
  teacher,
  data: unchecked<Data>('data with ids'),
  out: text,
  batchSize: unchecked<number>('a whole number >= 1').optional(),
  dtype: oneOf('float32', 'float16').optional(),
  topK: whole(1).optional(),
  rowsPerFile: whole(1).optional(),
  shard: shard.optional(),
  onProgress: fn<(progress: StoreProgress) => void>().optional(),
  signal: abortSignal.optional(),
});
