import { backend } from '@tensorflow/tfjs-core';
import { activate } from '../select-backend/activate.js';
import type { StartContext } from '../select-backend/candidate.js';
import { importPackage } from '../select-backend/import-package.js';
import { lacksAddon } from './addon.js';
import { prepareForTensorflow } from './prepare-for-tensorflow.js';
import { withThreads } from './with-threads.js';
import { cpuPackage, gpuPackage } from './tfjs-packages.js';
import type { TfjsPackageName } from './tfjs-packages.js';

interface TensorflowBackend {
  readonly isUsingGpuDevice?: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

/** Starts TensorFlow on a GPU; returns the device. */
export async function startOnGpu(context: StartContext): Promise<string> {
  const { isUsingGpuDevice, version } = await start(gpuPackage, context);
  if (!isUsingGpuDevice) throw new Error('it sees no GPU');
  return `GPU (CUDA, ${version})`;
}

/** Starts TensorFlow on the processor, or on a GPU if tfjs-node-gpu finds one; returns the device. */
export async function startOnProcessor(name: TfjsPackageName, context: StartContext): Promise<string> {
  const { version } = await start(name, context);
  const { threads } = context;
  if (threads === undefined) return `processor (${version})`;
  return `processor, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'} (${version})`;
}

async function start(
  name: TfjsPackageName,
  context: StartContext,
): Promise<{ isUsingGpuDevice: boolean; version: string }> {
  if (lacksAddon(name)) {
    const command = name === cpuPackage ? 'npx @kd/native install' : 'npx @kd/native install --gpu';
    throw new Error(`its native part is not built, which "${command}" does`);
  }
  prepareForTensorflow();
  await withThreads(context.threads, () => importPackage(name));
  await activate('tensorflow', context);
  const { isUsingGpuDevice = false, binding } = backend() as TensorflowBackend;
  return { isUsingGpuDevice, version: ['TensorFlow', binding?.TF_Version ?? []].flat().join(' ') };
}
