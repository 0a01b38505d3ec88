import { checkFunction, checkInteger, checkName, checkOptions, describeValue, KdError } from '@kd/core';
import type { Teacher } from '@kd/core';
import type { Data } from '@kd/data';
import type { Shard } from '../shard.js';
import { checkShard } from '../shard.js';

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

const names = [
  'teacher',
  'data',
  'out',
  'batchSize',
  'dtype',
  'topK',
  'rowsPerFile',
  'shard',
  'onProgress',
  'signal',
];

/** Checks everything about the options that neither data nor teacher are needed for. */
export function checkStoreOptions(options: StoreOptions): void {
  checkOptions(where, options, names);
  const { teacher, out, dtype, topK, rowsPerFile, shard, onProgress, signal } = options;
  const { describe, predict } = Object(teacher) as { describe?: unknown; predict?: unknown };
  checkFunction(where, 'options.teacher.describe', describe);
  checkFunction(where, 'options.teacher.predict', predict);
  checkName(where, 'options.out', out);
  if (topK !== undefined) checkInteger(where, 'options.topK', topK, 1);
  if (rowsPerFile !== undefined) checkInteger(where, 'options.rowsPerFile', rowsPerFile, 1);
  if (shard !== undefined) checkShard(where, 'options.shard', shard);
  if (onProgress !== undefined) checkFunction(where, 'options.onProgress', onProgress);
  if (!['float32', 'float16', undefined].includes(dtype))
    throw typeError('dtype', '"float32" or "float16"', dtype);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw typeError('signal', 'an AbortSignal', signal);
}

function typeError(name: string, expected: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `options.${name}`,
    expected,
    received: describeValue(received),
    remedy: 'Pass one of these, or leave the option out.',
  });
}
