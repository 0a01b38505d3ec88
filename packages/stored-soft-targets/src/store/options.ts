import {
  abortSignal,
  either,
  fn,
  list,
  oneOf,
  optionsOf,
  record,
  tap,
  teacher,
  text,
  unchecked,
  whole,
} from '@kd/core';
import type { FieldsOf, Options, Tap, Teacher } from '@kd/core';
import type { Data } from '@kd/data';
import { shard } from '../shard.js';
import type { Shard } from '../shard.js';

/** Options of `storeSoftTargets`. */
export interface StoreOptions {
  /** A frozen teacher. */
  readonly teacher: Teacher;
  /** Arrays or tensors with ids, batches with ids, or a function that returns batches with ids. */
  readonly data: Data;
  /** The output directory; created if it does not exist. */
  readonly out: string;
  /** Names of the outputs to store; default: all that the teacher has. */
  readonly outputs?: readonly string[];
  /** Values inside the teacher to store beside its outputs, for hints; default: none. */
  readonly taps?: readonly Tap[];
  /** Batch size for data in memory, a whole number >= 1; default 256. */
  readonly batchSize?: number;
  /**
   * `float32` (default) stores outputs exactly; `float16` rounds them to 11 bits and takes half the bytes.
   */
  readonly dtype?: 'float32' | 'float16';
  /**
   * Stores only the k largest numbers of each example or position, with their classes and the total mass of
   * all others; 1 <= k < number of classes. A number for the only output, or numbers by name of the output.
   */
  readonly topK?: number | Readonly<Record<string, number>>;
  /**
   * Examples per Parquet file, held in memory until it is written; a whole number >= 1; default 10,000, or
   * fewer so that they take at most 64 MiB, or about that for sequences.
   */
  readonly rowsPerFile?: number;
  /**
   * Stores only one part of the data, in a separate directory inside `out`; `mergeShards` merges the parts
   * into one set.
   */
  readonly shard?: Shard;
  /** Called after each batch. */
  readonly onProgress?: (progress: StoreProgress) => void;
  /** Ends the run. Files already written stay, and the same call later resumes from there. */
  readonly signal?: AbortSignal;
}

/** The progress of a run. */
export interface StoreProgress {
  /** Examples read so far. */
  readonly read: number;
  /** Number of these that were already stored. */
  readonly found: number;
  /** Examples in files, including those of earlier runs. */
  readonly stored: number;
}

/** The result of a run. */
export interface StoreResult {
  /** The directory of the files. */
  readonly directory: string;
  /** Examples in the set or in the shard. */
  readonly count: number;
  /** Examples that this run added. */
  readonly added: number;
}

/** The function named in error messages. */
export const where = 'storeSoftTargets';

/** The options of `storeSoftTargets`. The data and its batch size are checked together. */
export const storeOptions: Options<StoreOptions, FieldsOf<StoreOptions>> = optionsOf<StoreOptions>()({
  teacher,
  data: unchecked<Data>('data with ids'),
  out: text,
  outputs: list(text).optional(),
  taps: list(tap).optional(),
  batchSize: unchecked<number>('a whole number >= 1').optional(),
  dtype: oneOf('float32', 'float16').optional(),
  topK: either(whole(1), record(whole(1))).optional(),
  rowsPerFile: whole(1).optional(),
  shard: shard.optional(),
  onProgress: fn<(progress: StoreProgress) => void>().optional(),
  signal: abortSignal.optional(),
});
