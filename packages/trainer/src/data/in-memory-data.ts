import type { Batch, Targets } from '@kd/core';
import { checkOptions, describeValue, KdError } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { BatchStream } from './batch-stream.js';
import { checkColumn, isColumn } from './columns.js';
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
  const ids = checkIds(where, data.ids);
  const size = Object.values(columns.inputs)[0]?.rows ?? 0;
  checkLengths(where, size, [
    ...Object.values(columns).flatMap((group) => Object.values(group)),
    ...(ids === undefined ? [] : [{ argument: 'data.ids', rows: ids.length }]),
  ]);
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

type Columns = Readonly<Record<string, CheckedColumn>>;

function takeAll(columns: Columns, indices: Int32Array): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(columns).map(([name, { take }]) => [name, take(indices)]));
}

function columnsOf(
  where: string,
  data: InMemoryData,
): { readonly inputs: Columns; readonly targets: Columns; readonly others: Columns } {
  const { inputs, labels, targets = {} } = data;
  if (labels !== undefined && 'labels' in (Object(targets) as object)) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'data.labels',
      expected: 'absent beside data.targets.labels, which it is short for',
      received: describeValue(labels),
      remedy: 'Leave out one of the two.',
    });
  }
  const optional = (name: 'labels' | 'sampleWeight' | 'labelled' | 'mask', asFloat: boolean): Columns =>
    data[name] === undefined ? {} : { [name]: checkColumn(where, `data.${name}`, data[name], asFloat) };
  return {
    inputs:
      typeof inputs === 'object' && (inputs as unknown) !== null && isColumn(inputs)
        ? { input: checkColumn(where, 'data.inputs', inputs, true) }
        : columnsByName(where, 'data.inputs', inputs, true),
    targets: { ...optional('labels', false), ...columnsByName(where, 'data.targets', targets, false) },
    others: { ...optional('sampleWeight', true), ...optional('labelled', true), ...optional('mask', true) },
  };
}

function columnsByName(where: string, argument: string, columns: unknown, asFloat: boolean): Columns {
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns) || isColumn(columns)) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument,
      expected:
        argument === 'data.inputs'
          ? 'a tensor, a typed array with its shape, or several of them by name'
          : 'an object of tensors or typed arrays by name',
      received: describeValue(columns),
      remedy: 'Pass { inputs, labels }.',
    });
  }
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      checkColumn(where, `${argument}.${name}`, column, asFloat),
    ]),
  );
}

function checkIds(where: string, ids: unknown): readonly string[] | undefined {
  if (ids === undefined) return undefined;
  const wrong = Array.isArray(ids) ? ids.findIndex((id) => typeof id !== 'string') : undefined;
  if (wrong === -1) return ids as readonly string[];
  throw new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument: wrong === undefined ? 'data.ids' : `data.ids[${String(wrong)}]`,
    expected: wrong === undefined ? 'an array of strings' : 'a string',
    received: describeValue(wrong === undefined ? ids : (ids as readonly unknown[])[wrong]),
    remedy: 'Give every example an id, a string.',
  });
}

function checkLengths(
  where: string,
  size: number,
  parts: readonly { readonly argument: string; readonly rows: number }[],
): void {
  if (size === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'data.inputs',
      expected: 'of at least one example',
      received: 'none',
      remedy: 'Check how the data set was loaded.',
    });
  }
  for (const { argument, rows } of parts) {
    if (rows === size) continue;
    throw new KdError({
      code: 'KD_DATA_LENGTH',
      where,
      argument,
      expected: `of ${String(size)} examples, as ${parts[0]?.argument ?? ''}`,
      received: String(rows),
      remedy: 'Give every part of the data set the same first dimension.',
    });
  }
}
