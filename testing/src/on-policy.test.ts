// Trainings on batches that the student writes itself.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { registerTrainingKernels } from '@kd/backend';
import { augmentedStream } from '@kd/data';
import { sgd } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { onPolicy } from '@kd/sequences';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { backends, useBackend } from '@kd/testing';
import { train } from '@kd/trainer';
import type { CheckpointFiles, CheckpointStore, TrainEvent, TrainOptions } from '@kd/trainer';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

const [vocabulary, length, examples] = [5, 4, 8];

function languageModel(seed: number): LayersModel {
  const embeddingsInitializer = initializers.randomNormal({ seed, stddev: 1 });
  const embedding = { inputDim: vocabulary, outputDim: 6, embeddingsInitializer, inputShape: [null] };
  const kernelInitializer = initializers.randomNormal({ seed: seed + 1, stddev: 1 });
  return sequential({
    layers: [
      layers.embedding({ ...embedding, name: 'embedding' }),
      layers.dense({ units: vocabulary, kernelInitializer, name: 'logits' }),
    ],
  });
}

const tokens = Int32Array.from({ length: examples * length }, (_, at) => (at * at) % vocabulary);
const texts = {
  inputs: { values: tokens, shape: [examples, length] },
  labels: { values: tokens.map((token) => (token + 1) % vocabulary), shape: [examples, length] },
};

/** Keeps the last checkpoint. */
function lastCheckpoint(): CheckpointStore {
  let last: CheckpointFiles | undefined;
  return {
    save: (files) => {
      last = files;
      return Promise.resolve();
    },
    load: () => Promise.resolve(last && { name: 'last', files: last }),
  };
}

/** The weights after a training, and the denominators of its steps. */
async function trained(
  options: Partial<TrainOptions>,
  share = 0.5,
): Promise<{ weights: number[][]; counted: object[] }> {
  const model = languageModel(1);
  const recipe = defineRecipe({
    student: { model, convention: 'logits' },
    teacher: layersTeacher(languageModel(5), { convention: 'logits' }),
    terms: [softTarget({ temperature: 1 }), hardTarget({ weight: 0.1 })],
  });
  const data = onPolicy(model, augmentedStream(texts, { batchSize: 2 }), { share, promptLength: 2 });
  const counted: object[] = [];
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'step') counted.push(event.normalizers);
    options.onEvent?.(event);
  };
  const optimizer = (): ReturnType<typeof sgd> => sgd({ learningRate: 0.3 });
  await train(recipe, { data, epochs: 3, optimizer, seed: 3, ...options, onEvent });
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  return { weights, counted };
}

describe.each(backends)('on-policy distillation on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    registerTrainingKernels();
  });

  it('resumes in the middle of an epoch as if never interrupted', async () => {
    const whole = await trained({});
    const [store, stop] = [lastCheckpoint(), new AbortController()];
    const onEvent = (event: TrainEvent): void => {
      if (event.type === 'step' && event.step === 5) stop.abort();
    };
    await trained({ checkpoint: { store }, signal: stop.signal, onEvent });
    const resumed = await trained({ checkpoint: { store, resume: true } });
    expect(resumed.weights).toEqual(whole.weights);
  });

  it('counts what the student has written for the teacher alone, from the prompt on', async () => {
    // Of two sequences of four tokens, the last three count each, and no label.
    expect((await trained({}, 1)).counted[0]).toEqual({ soft: 6, hard: 0 });
    expect((await trained({}, 0)).counted[0]).toEqual({ soft: 8, hard: 8 });
  });
});
