import { dispose, mul, sub, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import { golden, makers } from './golden.js';
import type { GoldenCase, Numbers } from './golden.js';

/** The variables of the golden file, by name. */
export type Weights = Readonly<Record<string, Variable>>;

const names = Object.keys(golden.shapes);

function tensorOf(name: string, numbers: Numbers): Tensor {
  return tensor([...(numbers[name] as number[])], golden.shapes[name] as number[]);
}

/** Variables with the initial values of the golden file. */
export function startingWeights(): Weights {
  return tidy(() => Object.fromEntries(names.map((name) => [name, variable(tensorOf(name, golden.start))])));
}

/** The optimizer of a case. */
export function optimizerOf({
  optimizer,
  options,
  learningRates,
}: GoldenCase): ReturnType<(typeof makers)[keyof typeof makers]> {
  const schedule = learningRates && (({ step }: { step: number }) => learningRates[step] ?? NaN);
  return makers[optimizer]({ ...options, ...(schedule && { learningRate: schedule }) });
}

/** The gradient of a weight in a step of a case. */
export function gradientOf(
  { gradients, filterFrom = 0 }: GoldenCase,
  name: string,
  weight: Tensor,
  step: number,
): Tensor | null {
  if (name === 'filter' && step < filterFrom) return null;
  if (gradients !== 'quadratic') {
    return tensor(golden.gradients[gradients][name]?.[step] as number[], weight.shape as number[]);
  }
  const { curvature, shift } = golden.quadratic;
  return tidy(() => sub(mul(tensorOf(name, curvature), weight), tensorOf(name, shift)));
}

/** Takes the step of a case, including assignments from outside. */
export function makeStep(one: GoldenCase, optimizer: Optimizer, weights: Weights, step: number): void {
  if (step === one.assignBefore) assign(weights, golden.assigned);
  const gradients = Object.entries(weights).map(([name, weight]) => ({
    name: weight.name,
    tensor: gradientOf(one, name, weight, step) as Tensor,
  }));
  optimizer.applyGradients(gradients);
  dispose(gradients.map((gradient) => gradient.tensor));
}

function assign(weights: Weights, values: Numbers): void {
  tidy(() => {
    for (const [name, weight] of Object.entries(weights)) weight.assign(tensorOf(name, values));
  });
}

/** The numbers of all weights. */
export function numbersOf(weights: Readonly<Record<string, Tensor>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [name, Array.from(weight.dataSync())]),
  );
}
