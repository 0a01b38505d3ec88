import { dispose } from '@tensorflow/tfjs-core';
import { errorAt, tensorsOfBatch } from '@kd/core';
import type { Batch, Targets } from '@kd/core';
import { checkedBatches, examplesInMemory, isInMemory, rowsFrom, shuffledOrder, sizedStream } from '@kd/data';
import type { BatchStream, ExamplesInMemory, InMemoryData, RepeatableData } from '@kd/data';
import { digestOfBatches } from './digest-of-batches.js';
import type { Part } from './validation-split.js';

/** Data ready for training. */
export interface PreparedData {
  readonly batches: BatchStream;
  /** Number of examples, if known. */
  readonly size: number | undefined;
  /** Examples per batch; undefined for streams. */
  readonly batchSize: number | undefined;
  /** Number of batches in an epoch, if known. */
  readonly batchesPerEpoch: number | undefined;
  /** Before the first step and for data in memory: checks the inputs of the first batch, and all targets. */
  readonly checkAll: (checkInputs: (batch: Batch) => void, checkTargets: CheckTargets) => Promise<void>;
  /** Whether targets could be checked beforehand; if not, each batch is checked. */
  readonly checked: boolean;
  /** Tells other data apart, as far as 32 bits can; undefined for streams, which may be endless. */
  readonly digest: () => Promise<string | undefined>;
}

/** Rejects targets that cannot be used. */
export type CheckTargets = (targets: Targets) => Promise<void>;

/** How to prepare a data set. */
export interface Preparation {
  readonly batchSize: number;
  /** Whether data in memory is shuffled by the epoch's seed. */
  readonly shuffle: boolean;
  /** The part of data in memory that counts, given its size; default: all of it. */
  readonly partOf?: (size: number) => Part;
}

/** Prepares a data set. */
export function prepareData(
  where: string,
  argument: string,
  data: RepeatableData,
  { batchSize, shuffle, partOf }: Preparation,
): PreparedData {
  if (!isInMemory(data)) {
    const { batches, size } = sizedStream(data);
    return {
      batches: (context) => checkedBatches(where, argument, batches, context),
      size,
      batchSize: undefined,
      batchesPerEpoch: undefined,
      checkAll: () => Promise.resolve(),
      checked: false,
      digest: () => Promise.resolve(undefined),
    };
  }
  const examples = examplesInMemory(where, argument, data);
  const { batches } = examples;
  const { start, end } = partOf?.(examples.size) ?? { start: 0, end: examples.size };
  const size = end - start;
  return {
    batches: ({ seed, skip }) => {
      const rows = shuffle ? shuffledOrder(size, seed).map((row) => start + row) : rowsFrom(start, end);
      return batches(rows.subarray(skip * batchSize), batchSize);
    },
    size,
    batchSize,
    batchesPerEpoch: Math.ceil(size / batchSize),
    checked: true,
    digest: () => digestOfBatches(batches(rowsFrom(start, end), 1024)),
    checkAll: async (checkInputs, checkTargets) => {
      // A whole batch, because a model may have a fixed batch size.
      const [example] = batches(rowsFrom(start, Math.min(start + batchSize, end)), batchSize);
      try {
        checkInputs(example as Batch);
      } finally {
        dispose(tensorsOfBatch(example as Batch));
      }
      await checkInParts(examples, data, { start, end }, checkTargets);
    },
  };
}

async function checkInParts(
  { targets }: ExamplesInMemory,
  { sampleWeight }: InMemoryData,
  { start, end }: Part,
  checkTargets: CheckTargets,
): Promise<void> {
  // Weights may be zero in a whole part but not in the whole set, so a set with weights is checked as one
  // part.
  const rowsAtOnce = sampleWeight === undefined ? 8192 : end - start;
  let first = start;
  for (const part of targets(rowsAtOnce, rowsFrom(start, end))) {
    try {
      await checkTargets(part);
    } catch (error) {
      // The check counts rows within the part.
      throw first === 0 ? error : errorAt(error, (where) => `${where}, rows from ${String(first)} on`);
    } finally {
      dispose(tensorsOfBatch({ inputs: {}, ...part }));
    }
    first += rowsAtOnce;
  }
}
