import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../../composed.js';
import { allFinite, knownNorm, noteLargest } from './norm.js';

/**
 * An element-wise comparison kernel that keeps NaN. The stock kernels treat some NaN as the smaller number:
 * `relu` those with the sign bit set, such as Infinity - Infinity; `relu6` and `clipByValue` all; `maximum`
 * and `minimum` those on the right.
 *
 * If NaN is possible, it adds `step(x) - step(x)`, which is NaN where x is NaN and zero elsewhere, even for
 * infinities.
 */
export function keepingNaN(stock: KernelFunc, operands: readonly string[]): KernelFunc {
  return (given) => {
    const backend = given.backend as KernelBackend;
    const suspicious = operands
      .map((name) => given.inputs[name] as TensorInfo)
      .filter((x) => x.dtype === 'float32' && !allFinite(backend, x));
    if (suspicious.length === 0) return stock(given);
    return composed(backend, (run, temporary) =>
      suspicious.reduce(
        (result: TensorInfo, x) => {
          const step = run('Step', { x }, { alpha: 0 });
          return run('Add', { a: result, b: run('Sub', { a: step, b: step }) });
        },
        temporary(stock(given) as TensorInfo),
      ),
    );
  };
}

/**
 * A kernel whose output has no larger number than its input; it records that, so that the next kernel need
 * not look.
 */
export function notLargerThanInput(kernel: KernelFunc): KernelFunc {
  return (given) => {
    const output = kernel(given) as TensorInfo;
    const bound = knownNorm(given.inputs['x'] as TensorInfo);
    if (bound !== undefined) noteLargest(output, bound);
    return output;
  };
}
