import type { Batch, Targets } from '@kd/core';
import { checkOptions, describeValue, KdError } from '@kd/core';
import { Tensor } from '@tensorflow/tfjs-core';
import type { BatchStream } from './batch-stream.js';
import { checkColumn } from './columns.js';
import type { CheckedColumn, Column } from './columns.js';
import { shuffledOrder } from './shuffled-order.js';

/** A data set in memory: tensors or typed arrays, first axis the examples. Nothing of it is disposed or changed. */
export interface InMemoryData {
  /** The only input, or inputs by the names that the model gives them. */
  readonly inputs: Column | Readonly<Record<string, Column>>;
  /** Short for `targets: { labels }`. */
  readonly labels?: Column;
  readonly targets?: Readonly<Record<string, Column>>;
  /** `[n]`, >= 0. */
  readonly sampleWeight?: Column;
  /** `[n]` of 0 and 1: which examples have a label. */
  readonly labelled?: Column;
  /** `[n, L]` of 0 and 1. */
  readonly mask?: Column;
  readonly ids?: readonly string[];
}

/** A checked data set. */
export interface DataSet {
  readonly size: number;
  /** Batches in the order of a seed. */
  readonly shuffled: (batchSize: number) => BatchStream;
  /** Batches in the order of the data. */
  readonly inOrder: (batchSize: number) => BatchStream;
  /** Everything but the inputs, in chunks, for checks before the first step. The caller disposes them. */
  readonly targets: (rows: number) => Iterable<Targets>;
}

const names = ['inputs', 'labels', 'targets', 'sampleWeight', 'labelled', 'mask', 'ids'];

/** Checks a data set in memory. */
export function inMemoryData(where: string, data: InMemoryData): DataSet {
  checkOptions(where, data, names, 'data');
  const columns = columnsOf(where, data);
  const size = Object.values(columns.inputs)[0]?.rows ?? 0;
  checkLengths(where, size, { ...columns.inputs, ...columns.targets, ...columns.others });
  const { ids } = data;
  if (ids !== undefined) checkLengths(where, size, { ids: { rows: ids.length } });
  const takeTargets = (indices: Int32Array): Targets => ({
    ...(Object.keys(columns.targets).length === 0 ? {} : { targets: takeAll(columns.targets, indices) }),
    ...takeAll(columns.others, indices),
    ...(ids === undefined ? {} : { ids: Array.from(indices, (row) => ids[row] as string) }),
  });
  const take = (indices: Int32Array): Batch => ({
    inputs: takeAll(columns.inputs, indices),
    ...takeTargets(indices),
  });
  return {
    size,
    shuffled: (batchSize) =>
      function* ({ seed, skip }) {
        yield* chunks(shuffledOrder(size, seed), batchSize, skip, take);
      },
    inOrder: (batchSize) =>
      function* ({ skip }) {
        yield* chunks(everyRow(size), batchSize, skip, take);
      },
    targets: (rows) => chunks(everyRow(size), rows, 0, takeTargets),
  };
}

function everyRow(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, index) => index);
}

function* chunks<T>(
  order: Int32Array,
  rows: number,
  skip: number,
  take: (indices: Int32Array) => T,
): Generator<T> {
  for (let start = skip * rows; start < order.length; start += rows)
    yield take(order.subarray(start, start + rows));
}

function takeAll(
  columns: Readonly<Record<string, CheckedColumn>>,
  indices: Int32Array,
): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(columns).map(([name, { take }]) => [name, take(indices)]));
}

interface Columns {
  readonly inputs: Readonly<Record<string, CheckedColumn>>;
  readonly targets: Readonly<Record<string, CheckedColumn>>;
  readonly others: Readonly<Record<string, CheckedColumn>>;
}

function isColumn(value: InMemoryData['inputs']): value is Column {
  return value instanceof Tensor || ArrayBuffer.isView(value) || 'values' in value;
}

function columnsOf(where: string, data: InMemoryData): Columns {
  const { inputs, labels, targets, sampleWeight, labelled, mask } = data;
  if (typeof inputs !== 'object' || (inputs as unknown) === null) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument: 'data.inputs',
      expected: 'a tensor, a typed array with its shape, or several of them by name',
      received: describeValue(inputs),
      remedy: 'Pass { inputs, labels }.',
    });
  }
  const check = (
    of: Readonly<Record<string, Column | undefined>>,
    asFloat: boolean,
  ): Record<string, CheckedColumn> =>
    Object.fromEntries(
      Object.entries(of).flatMap(([name, column]) =>
        column === undefined ? [] : [[name, checkColumn(where, `data.${name}`, column, asFloat)] as const],
      ),
    );
  return {
    inputs: check(isColumn(inputs) ? { input: inputs } : inputs, true),
    targets: check({ labels, ...targets }, false),
    others: check({ sampleWeight, labelled, mask }, true),
  };
}

function checkLengths(
  where: string,
  size: number,
  columns: Readonly<Record<string, { readonly rows: number }>>,
): void {
  if (size === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'data.inputs',
      expected: 'at least one example',
      received: 'none',
      remedy: 'Check how the data set was loaded.',
    });
  }
  for (const [name, { rows }] of Object.entries(columns)) {
    if (rows === size) continue;
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument: `data.${name}`,
      expected: `of ${String(size)} examples, as the inputs`,
      received: String(rows),
      remedy: 'Give every part of the data set the same first dimension.',
    });
  }
}
