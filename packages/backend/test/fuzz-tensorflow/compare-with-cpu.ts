import * as tf from '@tensorflow/tfjs-core';
import type { Operation } from './operation.js';

type Numbers = Float32Array;

/**
 * The greatest difference between TensorFlow and cpu, in the output or a gradient, relative to the root mean
 * square of cpu's numbers.
 */
export async function differenceFromCpu(operation: Operation, random: () => number): Promise<number> {
  const inputs = operation.shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 4 * random() - 2),
  );
  const expected = await valuesOn('cpu', operation, inputs);
  const received = await valuesOn('tensorflow', operation, inputs);
  return Math.max(...expected.map((values, index) => difference(values, received[index] as Numbers)));
}

/** The output, and the gradient with respect to each input. */
async function valuesOn(
  backend: string,
  { f, shapes }: Operation,
  inputs: readonly Numbers[],
): Promise<Numbers[]> {
  await tf.setBackend(backend);
  const tensors = tf.tidy(() => {
    const given = shapes.map((shape, index) => tf.tensor(inputs[index] as Numbers, [...shape]));
    const output = f(...given);
    const dy = Float32Array.from({ length: output.size }, (_, index) => 2 * Math.sin(index ** 2));
    return [output, ...tf.grads(f)(given, tf.tensor(dy, output.shape))];
  });
  const values = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Numbers>));
  tf.dispose(tensors);
  return values;
}

function difference(expected: Numbers, received: Numbers): number {
  const scale = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length) + 1e-6;
  const worst = expected.reduce((most, value, index) => {
    const here = Math.abs(value - (received[index] as number));
    return here <= most ? most : here; // NaN stays.
  }, 0);
  return worst / scale;
}
