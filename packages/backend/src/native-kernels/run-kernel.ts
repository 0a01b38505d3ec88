import { getKernel } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName } from './run-op.js';
import type { TensorflowBackend } from './run-op.js';

/** Runs a kernel of tfjs-node inside another one, bypassing the engine, which would record it on the tape. */
export type RunKernel = (name: string, inputs: Record<string, TensorInfo>, attrs: NamedAttrMap) => Tensor;

/** `RunKernel` on a backend; the surrounding `tidy` frees what it returns. */
export function kernelsOn(backend: TensorflowBackend): RunKernel {
  return (name, inputs, attrs) =>
    getKernel(name, backendName).kernelFunc({ inputs, backend, attrs }) as Tensor;
}

/** The vertical and horizontal values of a kernel's window attribute. */
export function stridesOf({ strides }: NamedAttrMap): [number, number] {
  const [down, right = down] = [strides as number | [number, number]].flat() as [number, number?];
  return [down, right];
}
