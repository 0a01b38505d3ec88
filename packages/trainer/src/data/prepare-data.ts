import { dispose } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { tensorsOfBatch } from '@kd/core';
import { inputsOfModel } from '@kd/model';
import type { Batch, Targets } from '@kd/core';
import { errorAt } from '../error-at.js';
import type { TrainingData } from '../train-options.js';
import type { BatchStream } from './batch-stream.js';
import { checkedBatches } from './checked-batches.js';
import { inMemoryData } from './in-memory-data.js';

/** Data ready to be trained on. */
export interface PreparedData {
  readonly batches: BatchStream;
  /** Number of examples, where it is known. */
  readonly size: number | undefined;
  readonly stepsPerEpoch: number | undefined;
  /** Before the first step, where the data is in memory: checks the inputs against a model, and all targets. */
  readonly checkAll: (model: LayersModel, checkTargets: CheckTargets) => Promise<void>;
  /** Whether targets could be checked beforehand; if not, each batch is. */
  readonly checked: boolean;
}

/** Rejects for targets that cannot be used. */
export type CheckTargets = (targets: Targets) => Promise<void>;

/** Prepares a data set; one in memory is shuffled by the epoch's seed unless `shuffle` is false. */
export function prepareData(
  where: string,
  data: TrainingData,
  options: {
    readonly batchSize: number;
    readonly stepsPerEpoch?: number | undefined;
    readonly shuffle: boolean;
  },
): PreparedData {
  if (typeof data === 'function') {
    const { stepsPerEpoch } = options;
    return {
      batches: (context) => checkedBatches(where, data, context),
      size: undefined,
      stepsPerEpoch,
      checkAll: () => Promise.resolve(),
      checked: false,
    };
  }
  const { size, shuffled, inOrder, targets } = inMemoryData(where, data);
  const { batchSize, shuffle } = options;
  return {
    batches: shuffle ? shuffled(batchSize) : inOrder(batchSize),
    size,
    stepsPerEpoch: Math.min(options.stepsPerEpoch ?? Infinity, Math.ceil(size / batchSize)),
    checked: true,
    checkAll: async (model, checkTargets) => {
      const [example] = inOrder(1)({ epoch: 0, seed: 0, skip: 0 }) as Iterable<Batch>;
      try {
        inputsOfModel(where, model, example as Batch);
      } finally {
        dispose(tensorsOfBatch(example as Batch));
      }
      // Weights may be zero for a whole chunk but not for the whole set, which is therefore one chunk if it has weights.
      await checkChunks(targets, data.sampleWeight === undefined ? 8192 : size, checkTargets);
    },
  };
}

async function checkChunks(
  targets: (rows: number) => Iterable<Targets>,
  rows: number,
  checkTargets: CheckTargets,
): Promise<void> {
  let first = 0;
  for (const chunk of targets(rows)) {
    try {
      await checkTargets(chunk);
    } catch (error) {
      // The check counts rows in the chunk.
      throw first === 0 ? error : errorAt(error, (where) => `${where}, rows from ${String(first)} on`);
    } finally {
      dispose(tensorsOfBatch({ inputs: {}, ...chunk }));
    }
    first += rows;
  }
}
