import { backend } from '@tensorflow/tfjs-core';
import { startWasm } from '../threads/start-wasm.js';
import { startWebGpu } from '../webgpu/start-web-gpu.js';
import { activate } from './activate.js';
import type { Candidate } from './candidate.js';
import { importPackage } from './import-package.js';

const gpuPackage = '@tensorflow/tfjs-node-gpu';
const cpuPackage = '@tensorflow/tfjs-node';

/** What under Node may bring a backend, the fastest at training first. */
export const nodeCandidates: readonly Candidate[] = [
  { name: 'tensorflow', package: gpuPackage, start: startOnGpu },
  { name: 'webgpu', package: '@tensorflow/tfjs-backend-webgpu', start: startWebGpu },
  // Without a GPU this package computes on the processor, and once it is loaded the other one cannot be.
  { name: 'tensorflow', package: gpuPackage, start: () => startOnProcessor(gpuPackage) },
  { name: 'tensorflow', package: cpuPackage, start: () => startOnProcessor(cpuPackage) },
  { name: 'wasm', package: '@tensorflow/tfjs-backend-wasm', start: startWasm },
  { name: 'cpu', package: '@tensorflow/tfjs-backend-cpu', start: startCpu },
];

async function startOnGpu(): Promise<string> {
  await importPackage(gpuPackage);
  await activate('tensorflow');
  const { isUsingGpuDevice } = backend() as { readonly isUsingGpuDevice?: boolean };
  if (isUsingGpuDevice !== true) throw new Error('it sees no GPU');
  return 'GPU (CUDA)';
}

async function startOnProcessor(name: string): Promise<string> {
  await importPackage(name);
  await activate('tensorflow');
  return 'processor (TensorFlow)';
}

async function startCpu(): Promise<string> {
  await importPackage('@tensorflow/tfjs-backend-cpu');
  await activate('cpu');
  return 'processor, 1 thread of JavaScript';
}
