import type { BatchMatMulAttrs, KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { cheapestPlan } from './cheapest-plan.js';
import type { Plan } from './cheapest-plan.js';
import { productOf } from './product-of.js';
import { copyOf, isPackedOtherwise } from './right-operand.js';
import { withTemporaries } from '../with-temporaries.js';

/** The kernels for computing a product. */
export interface ProductKernels {
  /** The stock kernel, called for one product of operands that are not transposed: its fast path. */
  readonly fast: KernelFunc;
  /** The kernel for all other products. */
  readonly slow: KernelFunc;
  readonly transpose: KernelFunc;
}

/** A matmul kernel that uses the fast path of the stock kernel wherever that pays. */
export function withExplicitTransposes(
  { fast, slow, transpose }: ProductKernels,
  plans: readonly Plan[],
): KernelFunc {
  return (given) => {
    const { a, b } = given.inputs as { a: TensorInfo; b: TensorInfo };
    const product = productOf(a, b, given.attrs as unknown as BatchMatMulAttrs);
    const plan = product === undefined ? 'stock' : cheapestPlan(product, plans);
    if (product === undefined || plan === 'stock') return slow(given);

    const backend = given.backend as KernelBackend;
    const attrs = { ...given.attrs, transposeA: false, transposeB: false };
    return withTemporaries(backend, (temporary) => {
      const flip = (x: TensorInfo): TensorInfo =>
        transpose({ inputs: { x }, backend, attrs: { perm: swapOfLastTwo(x.shape.length) } }) as TensorInfo;
      const flipIf = (needed: boolean, x: TensorInfo): TensorInfo => (needed ? temporary(flip(x)) : x);
      const multiply = (left: TensorInfo, right: TensorInfo): TensorInfo => {
        const own = isPackedOtherwise(right) ? temporary(copyOf(right, backend)) : right;
        return fast({ inputs: { ...given.inputs, a: left, b: own }, backend, attrs }) as TensorInfo;
      };

      const { transposeA, transposeB } = product;
      if (plan === 'straight') return multiply(flipIf(transposeA, a), flipIf(transposeB, b));
      return flip(temporary(multiply(flipIf(!transposeB, b), flipIf(!transposeA, a))));
    });
  };
}

function swapOfLastTwo(rank: number): number[] {
  return [...Array(rank - 2).keys(), rank - 1, rank - 2];
}
