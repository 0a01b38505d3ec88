import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { exactNorm, knownNorm, norm, noteLargest } from './norm.js';

type Given = Parameters<KernelFunc>[0];

/** The names of the two tensors whose products a kernel sums. */
export type Operands = readonly [string, string];

/**
 * A bound for the magnitude of every partial sum of products of two tensors, plus the bias if there is one;
 * undefined if it may exceed float32.
 *
 * A partial sum of a row times a column is at most the product of their norms (Cauchy-Schwarz), and so at
 * most the product of the full tensors' norms.
 */
export function largestSum({ inputs, backend }: Given, operands: Operands): number | undefined {
  const at = (norm: (backend: KernelBackend, x: TensorInfo) => number): number => {
    const [left = NaN, right = NaN, bias = 0] = [...operands, 'bias'].map((name) =>
      inputs[name] == null ? undefined : norm(backend as KernelBackend, inputs[name]),
    );
    return left * right + bias;
  };
  // Half of the largest float32 leaves room for rounding errors of the sums.
  const limit = 2 ** 127;
  const bound = at(norm);
  if (bound < limit) return bound;
  const tighter = Number.isFinite(bound) ? at(exactNorm) : bound;
  return tighter < limit ? tighter : undefined;
}

/** A convolution that records a bound of its output, if that needs fewer reads than the output itself. */
export function notingLargest(stock: KernelFunc, operands: Operands): KernelFunc {
  return (given) => {
    const output = stock(given) as TensorInfo;
    const looks = operands
      .map((name) => given.inputs[name] as TensorInfo)
      .reduce((sum, x) => sum + (knownNorm(x) === undefined ? util.sizeFromShape(x.shape) : 0), 0);
    if (looks > util.sizeFromShape(output.shape) / 4) return output;
    const largest = largestSum(given, operands);
    if (largest !== undefined) noteLargest(output, largest);
    return output;
  };
}

/** A sum of two tensors that records its bound, if a bound of the first tensor is known. */
export function notingSum(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { a, b } = given.inputs as { a: TensorInfo; b: TensorInfo };
    const output = stock(given) as TensorInfo;
    const left = knownNorm(a);
    if (left === undefined || b.dtype !== 'float32' || util.sizeFromShape(b.shape) > 4096) return output;
    const largest = left + norm(given.backend as KernelBackend, b);
    if (largest < 2 ** 127) noteLargest(output, largest);
    return output;
  };
}
