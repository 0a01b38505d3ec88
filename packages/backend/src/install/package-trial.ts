// A process of its own that loads tfjs-node from a directory and multiplies two matrices; sends what came of it to its parent.
import { createRequire } from 'node:module';
import process from 'node:process';
import { prepareForTensorflow } from '../tensorflow/prepare-for-tensorflow.js';

/** The version of TensorFlow that computed and whether a GPU did, or why none did. */
export type PackageTrial =
  { readonly tensorflow: string; readonly gpu: boolean } | { readonly fault: string };

interface TfjsNode {
  readonly backend: () => {
    readonly binding: { readonly TF_Version: string };
    readonly isUsingGpuDevice: boolean;
  };
  readonly matMul: (a: unknown, b: unknown) => { readonly data: () => Promise<Float32Array> };
  readonly tensor2d: (values: readonly (readonly number[])[]) => unknown;
}

async function trial(directory: string): Promise<PackageTrial> {
  prepareForTensorflow();
  const { backend, matMul, tensor2d } = createRequire(import.meta.url)(directory) as TfjsNode;
  const [product] = await matMul(tensor2d([[1, 2]]), tensor2d([[3], [4]])).data();
  if (product !== 11) return { fault: `1 * 3 + 2 * 4 = ${String(product)}` };
  const { binding, isUsingGpuDevice } = backend();
  return { tensorflow: binding.TF_Version, gpu: isUsingGpuDevice };
}

const outcome = await trial(process.argv[2] ?? '').catch((error: unknown): PackageTrial => ({
  fault: String(error),
}));
process.send?.(outcome, undefined, undefined, () => {
  process.disconnect();
});
