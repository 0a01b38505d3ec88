import type { BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Product } from './cheapest-plan.js';

/**
 * The single product of two matrices that a call of a matmul kernel requests.
 *
 * Undefined for a batch of several products, which has no fast path in stock wasm, transposed or not; and for
 * operands that do not fit together, so that the stock kernel reports them in the caller's terms.
 */
export function productOf(a: TensorInfo, b: TensorInfo, attributes: BatchMatMulAttrs): Product | undefined {
  const { transposeA, transposeB } = attributes;
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return undefined;
  if (!isMatrix(a) || !isMatrix(b)) return undefined;
  const [m, k] = sides(a, transposeA);
  const [innerOfB, n] = sides(b, transposeB);
  return k === innerOfB ? { m, k, n, transposeA, transposeB } : undefined;
}

function isMatrix({ shape }: TensorInfo): boolean {
  return shape.length >= 2 && shape.slice(0, -2).every((size) => size === 1);
}

function sides({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}
