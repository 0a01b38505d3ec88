// A process of its own that loads tfjs-node from a directory, multiplies two matrices, and sends its parent the outcome.
import { createRequire } from 'node:module';
import process from 'node:process';
import util from 'node:util';

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

// tfjs-node 4.22 calls these, which Node 22 warns of and Node 23 no longer has.
Object.assign(util, {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
});
// Otherwise remarks on the processor and the drivers stand before the fault in what TensorFlow prints.
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
