import { dispose } from '@tensorflow/tfjs-core';
import { tensorsOfBatch } from '@kd/core';
import type { Objective } from '@kd/recipe';
import type { TrainingData } from '../train-options.js';
import type { BatchStream } from './batch-stream.js';
import { inMemoryData } from './in-memory-data.js';

/** Data ready to be trained on. */
export interface PreparedData {
  readonly batches: BatchStream;
  /** Number of examples, where it is known. */
  readonly size: number | undefined;
  readonly stepsPerEpoch: number | undefined;
  /** Checks all targets before the first step, where they are in memory. */
  readonly checkAll: (objective: Objective) => Promise<void>;
  /** Whether targets could be checked beforehand; if not, each batch is. */
  readonly checked: boolean;
}

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
      batches: data,
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
    checkAll: async (objective) => {
      // Weights may be zero for a whole chunk but not for the whole set, which is therefore one chunk if it has weights.
      for (const chunk of targets(data.sampleWeight === undefined ? 8192 : size)) {
        try {
          await objective.checkTargets(chunk);
        } finally {
          dispose(tensorsOfBatch({ inputs: {}, ...chunk }));
        }
      }
    },
  };
}
