// Runs as a separate process: loads tfjs-node from a directory, multiplies two matrices, and sends the result
// to its parent.
import { createRequire } from 'node:module';
import process from 'node:process';
import util from 'node:util';

/** The version of TensorFlow that computed and whether it used a GPU, or why it failed. */
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

// tfjs-node 4.22 calls these functions. Node 22 warns about them, and Node 23 removed them.
Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});
// Otherwise TensorFlow prints remarks about the processor and the drivers before the error.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';

async function trial(directory: string): Promise<PackageTrial> {
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
