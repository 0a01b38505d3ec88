import type { DataId, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

const packedAs = new WeakMap<DataId, string>();

/**
 * Whether the fast path of wasm would mistake `b` for a matrix of another shape; remembers the shape of `b`
 * if it is new.
 *
 * The backend caches the packed form of a right operand by the id of its data alone. A reshape, and a
 * transpose of a vector, share the data of the original, so a product with either silently multiplies by the
 * original.
 */
export function isPackedOtherwise(b: TensorInfo): boolean {
  const shape = b.shape.slice(-2).join('x');
  const packed = packedAs.get(b.dataId);
  if (packed === undefined) packedAs.set(b.dataId, shape);
  return packed !== undefined && packed !== shape;
}

/** A tensor with equal values and its own data; the caller disposes it. */
export function copyOf(b: TensorInfo, backend: KernelBackend): TensorInfo {
  return { ...b, dataId: backend.write(backend.readSync(b.dataId), b.shape, b.dtype) };
}
