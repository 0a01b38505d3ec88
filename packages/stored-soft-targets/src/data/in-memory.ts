import { checkOptions, describeValue, KdError } from '@kd/core';
import type { Batch, Named } from '@kd/core';
import type { Shard } from '../shard.js';
import { checkIds, checkUnique } from './check-ids.js';
import { checkColumn, isColumn } from './columns.js';
import type { CheckedColumn } from './columns.js';
import type { BatchWithIds, ReadData, StoredData } from './data.js';
import { digestOfIds } from './digest-of-ids.js';

const names = ['inputs', 'ids', 'mask', 'labels', 'targets', 'sampleWeight', 'labelled'];

/** A data set in memory, or the part of it that is a shard: consecutive rows, whatever the size of a batch. */
export function readInMemory(
  where: string,
  data: StoredData,
  batchSize: number,
  shard: Shard | undefined,
): ReadData {
  checkOptions(where, data, names, 'options.data');
  const inputs = inputsOf(where, data.inputs);
  const mask = data.mask === undefined ? {} : { mask: checkColumn(where, 'options.data.mask', data.mask) };
  const [first] = Object.values(inputs);
  const rows = first?.rows ?? 0;
  if (rows === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'options.data.inputs',
      expected: 'of at least one example',
      received: 'none',
      remedy: 'Check how the data set was loaded.',
    });
  }
  for (const column of [...Object.values(inputs), ...Object.values(mask)]) checkLength(where, column, rows);
  const { ids } = data;
  checkIds(where, 'options.data.ids', ids, rows);
  checkUnique(where, 'options.data.ids', ids);
  const { start, end } = rowsOf(where, rows, shard);
  return {
    batches: async function* () {
      for (let at = start; at < end; at += batchSize) {
        const stop = Math.min(at + batchSize, end);
        const taken = takeAll(inputs, at, stop);
        const batch: Batch = { inputs: taken, ids: ids.slice(at, stop), ...takeAll(mask, at, stop) };
        yield Promise.resolve(batch as BatchWithIds);
      }
    },
    summary: () => {
      const digest = digestOfIds('rows');
      digest.add(ids);
      return { count: rows, ids: digest.hex() };
    },
  };
}

function rowsOf(where: string, rows: number, shard: Shard | undefined): { start: number; end: number } {
  if (shard === undefined) return { start: 0, end: rows };
  const { index, count } = shard;
  if (count <= rows) {
    return { start: Math.floor((index * rows) / count), end: Math.floor(((index + 1) * rows) / count) };
  }
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.shard.count',
    expected: `at most ${String(rows)}, the number of examples`,
    received: String(count),
    remedy: 'Use fewer shards.',
  });
}

function inputsOf(where: string, inputs: unknown): Record<string, CheckedColumn> {
  const argument = 'options.data.inputs';
  if (typeof inputs === 'object' && inputs !== null && isColumn(inputs)) {
    return { input: checkColumn(where, argument, inputs) };
  }
  if (typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs)) {
    const entries = Object.entries(inputs);
    return Object.fromEntries(
      entries.map(([name, column]) => [name, checkColumn(where, `${argument}.${name}`, column)]),
    );
  }
  throw new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument,
    expected: 'a tensor, a typed array with its shape, or several of them by name',
    received: describeValue(inputs),
    remedy: 'Pass { inputs, ids }.',
  });
}

function takeAll(columns: Readonly<Record<string, CheckedColumn>>, start: number, end: number): Named {
  return Object.fromEntries(Object.entries(columns).map(([name, { take }]) => [name, take(start, end)]));
}

function checkLength(where: string, { argument, rows }: CheckedColumn, expected: number): void {
  if (rows === expected) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument,
    expected: `of ${String(expected)} examples, as the first input`,
    received: String(rows),
    remedy: 'Give every part of the data set the same first dimension.',
  });
}
