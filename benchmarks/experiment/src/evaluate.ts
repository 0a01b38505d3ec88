import { argMax, notEqual, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Digits } from '@kd-datasets/mnist';
import { pixels } from '@kd-datasets/mnist';

/** The number of digits that a model gets wrong. */
export async function countErrors(model: LayersModel, { images, labels, size }: Digits): Promise<number> {
  const wrong = tidy(() => {
    const scores = model.predict(tensor(images, [size, ...imageShapeOf(model)]), {
      batchSize: 500,
    }) as Tensor;
    return sum(notEqual(argMax(scores, 1), tensor(labels, [size], 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  wrong.dispose();
  return errors;
}

/** What a model answers to each digit, in row-major order. */
export async function logitsOf(model: LayersModel, { images, size }: Digits): Promise<Float32Array> {
  const logits = tidy(
    () => model.predict(tensor(images, [size, ...imageShapeOf(model)]), { batchSize: 500 }) as Tensor,
  );
  const values = await logits.data<'float32'>();
  logits.dispose();
  return values;
}

/**
 * Milliseconds that a model takes per image in batches of 100: the median of 50 batches after 10 warm-up
 * batches.
 */
export async function millisecondsPerImage(model: LayersModel, { images }: Digits): Promise<number> {
  const batch = tensor(images.subarray(0, 100 * pixels), [100, ...imageShapeOf(model)]);
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const started = performance.now();
    const scores = model.predict(batch) as Tensor;
    await scores.data();
    times.push(performance.now() - started);
    scores.dispose();
  }
  batch.dispose();
  const sorted = times.slice(10).sort((a, b) => a - b);
  return (sorted[25] ?? NaN) / 100;
}

/** The shape of an image as the model expects it: a row of pixels or a map. */
export function imageShapeOf(model: LayersModel): number[] {
  return (model.inputs[0]?.shape.slice(1) ?? []) as number[];
}
