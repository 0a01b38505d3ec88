import type { Weights } from '@kd-benchmarks/experiment';

/** The shapes of a perceptron's weights: kernels and biases alternately. */
export function shapesOf(inputs: number, units: number): number[][] {
  return [[inputs, units], [units], [units, units], [units], [units, 10], [10]];
}

/** All weights as one array. */
export function joined(weights: Weights): Float32Array {
  return Float32Array.from(weights.flatMap((values) => Array.from(values)));
}

/** One array as weights of these shapes. */
export function split(values: Float32Array, shapes: readonly (readonly number[])[]): Weights {
  let start = 0;
  return shapes.map((shape) => {
    const end = start + shape.reduce((a, b) => a * b, 1);
    const part = values.subarray(start, end);
    start = end;
    return part;
  });
}
