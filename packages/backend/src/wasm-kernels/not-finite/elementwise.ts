import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../composed.js';
import { allFinite, knownNorm, noteLargest } from './norm.js';

/**
 * A kernel of element-wise comparisons that keeps NaN. The stock ones take a NaN for the smaller number: `relu` of one whose sign bit is set, as that of
 * Infinity - Infinity is, `relu6` and `clipByValue` of any, `maximum` and `minimum` of one on the right.
 *
 * Where there may be one, `step(x) - step(x)` is added: NaN where x is, and zero elsewhere, at the infinities too.
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

/** A kernel no number of whose output is larger than all of its input, and notes it: what comes next need not look again. */
export function notLargerThanInput(kernel: KernelFunc): KernelFunc {
  return (given) => {
    const output = kernel(given) as TensorInfo;
    const bound = knownNorm(given.inputs['x'] as TensorInfo);
    if (bound !== undefined) noteLargest(output, bound);
    return output;
  };
}
