import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import type { CheckpointOptions, CheckpointFiles, CheckpointStore, TrainEvent } from '@kd/trainer';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';

/** Trains a tiny net for three epochs of two steps, with validation. */
export async function tinyTraining(
  onEvent: (event: TrainEvent) => void,
  checkpoint?: CheckpointOptions,
): Promise<void> {
  const kernelInitializer = initializers.glorotUniform({ seed: 1 });
  const model = sequential({
    layers: [layers.dense({ name: 'out', units: 2, inputShape: [2], kernelInitializer })],
  });
  const values = Float32Array.from({ length: 16 }, (_, index) => Math.sin(index ** 2));
  const data = {
    inputs: { values, shape: [8, 2] },
    labels: Int32Array.from({ length: 8 }, (_, row) => row % 2),
  };
  const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
  await train(recipe, {
    data,
    epochs: 3,
    batchSize: 4,
    optimizer: () => optimizers.sgd(0.1),
    validation: { data },
    onEvent,
    ...(checkpoint && { checkpoint }),
  });
}

/** Keeps the newest checkpoint in memory. */
export function memoryStore(): CheckpointStore {
  let kept: CheckpointFiles | undefined;
  return {
    save: (files) => {
      kept = files;
      return Promise.resolve();
    },
    load: () => Promise.resolve(kept && { name: 'memory', files: kept }),
  };
}
