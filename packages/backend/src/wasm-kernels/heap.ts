import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** A new tensor of float32 zeros. */
export function zeros(backend: KernelBackend, shape: readonly number[]): TensorInfo {
  const output = (backend as BackendWasm).makeOutput([...shape], 'float32');
  // Freed wasm memory still holds its old content.
  floats(backend, output).fill(0);
  return output;
}

/**
 * The values of a float32 tensor, in place.
 *
 * A view becomes invalid when the heap grows, so create all tensors first, then take their views.
 */
export function floats(backend: KernelBackend, tensor: TensorInfo): Float32Array {
  return (backend as BackendWasm).typedArrayFromHeap(tensor) as Float32Array;
}

/** The values of an int32 tensor, in place. */
export function integers(backend: KernelBackend, tensor: TensorInfo): Int32Array {
  return (backend as BackendWasm).typedArrayFromHeap(tensor) as Int32Array;
}

/** The values of a tensor of any dtype, in place. */
export function numbersInHeap(backend: KernelBackend, tensor: TensorInfo): ArrayLike<number> {
  return (backend as BackendWasm).typedArrayFromHeap(tensor);
}
