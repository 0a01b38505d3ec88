import { checkBackend, KdError } from '@kd/core';
import type { Batch, Targets } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkIds } from './check-ids.js';
import type { CheckedColumn } from './column.js';
import { columnsOf } from './columns.js';
import type { InMemoryData } from './data.js';

/** A checked data set in memory. */
export interface ExamplesInMemory {
  readonly size: number;
  readonly ids: readonly string[] | undefined;
  /** The examples with these row numbers, in batches. Whoever takes a batch disposes it. */
  readonly batches: (rows: Int32Array, batchSize: number) => Iterable<Batch>;
  /**
   * Everything except the inputs, for these rows, default all, for checks before the first step. Whoever
   * takes a part disposes it.
   */
  readonly targets: (rowsAtOnce: number, rows?: Int32Array) => Iterable<Targets>;
}

/** Checks a data set in memory; `argument` is the caller's name for it: `options.data`. */
export function examplesInMemory(where: string, argument: string, data: InMemoryData): ExamplesInMemory {
  checkBackend(where);
  const { inputs, targets, others } = columnsOf(where, argument, data);
  const size = checkLengths(where, argument, Object.values(inputs), [
    ...Object.values(targets),
    ...Object.values(others),
  ]);
  const { ids } = data;
  if (ids !== undefined) checkIds(where, `${argument}.ids`, ids, size);
  const takeTargets = (rows: Int32Array): Targets => ({
    ...(Object.keys(targets).length === 0 ? {} : { targets: takeAll(targets, rows) }),
    ...takeAll(others, rows),
    ...(ids === undefined ? {} : { ids: Array.from(rows, (row) => ids[row] as string) }),
  });
  const take = (rows: Int32Array): Batch => ({
    inputs: takeAll(inputs, rows),
    ...takeTargets(rows),
    rows: tensor(rows, [rows.length], 'int32'),
  });
  return {
    size,
    ids,
    batches: (rows, batchSize) => parts(rows, batchSize, take),
    targets: (rowsAtOnce, rows = rowsFrom(0, size)) => parts(rows, rowsAtOnce, takeTargets),
  };
}

/** The numbers from `start` up to but not including `end`. */
export function rowsFrom(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, index) => start + index);
}

function* parts<T>(rows: Int32Array, size: number, take: (rows: Int32Array) => T): Generator<T> {
  for (let start = 0; start < rows.length; start += size) yield take(rows.subarray(start, start + size));
}

function takeAll(columns: Readonly<Record<string, CheckedColumn>>, rows: Int32Array): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(columns).map(([name, { take }]) => [name, take(rows)]));
}

/** The number of examples, which must be the same in all columns. */
function checkLengths(
  where: string,
  argument: string,
  inputs: readonly CheckedColumn[],
  others: readonly CheckedColumn[],
): number {
  const [first] = inputs;
  const size = first?.shape[0] ?? 0;
  if (first === undefined || size === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: `${argument}.inputs`,
      expected: 'a data set with at least one example',
      received: 'none',
      remedy: 'Check how the data set was loaded.',
    });
  }
  const other = [...inputs, ...others].find(({ shape }) => shape[0] !== size);
  if (other === undefined) return size;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument: other.argument,
    expected: `a column of ${String(size)} examples, like ${first.argument}`,
    received: String(other.shape[0]),
    remedy: 'Give every part of the data set the same first dimension.',
  });
}
