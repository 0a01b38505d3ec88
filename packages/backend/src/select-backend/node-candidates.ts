import { startOnGpu, startOnProcessor } from '../tensorflow/start-tensorflow.js';
import { cpuPackage, gpuPackage } from '../tensorflow/tfjs-packages.js';
import { startWasm } from '../threads/start-wasm.js';
import { startWebGpu } from '../webgpu/start-web-gpu.js';
import { activate } from './activate.js';
import type { Candidate, StartContext } from './candidate.js';
import { importPackage } from './import-package.js';

/** The packages that may bring a backend under Node, the fastest at training first. */
export const nodeCandidates: readonly Candidate[] = [
  { name: 'tensorflow', package: gpuPackage, start: startOnGpu },
  { name: 'webgpu', package: '@tensorflow/tfjs-backend-webgpu', start: startWebGpu },
  // Without a GPU this package computes on the processor, and once it is loaded, the other one cannot be
  // loaded.
  { name: 'tensorflow', package: gpuPackage, start: (context) => startOnProcessor(gpuPackage, context) },
  { name: 'tensorflow', package: cpuPackage, start: (context) => startOnProcessor(cpuPackage, context) },
  { name: 'wasm', package: '@tensorflow/tfjs-backend-wasm', start: startWasm },
  { name: 'cpu', package: '@tensorflow/tfjs-backend-cpu', start: startCpu },
];

async function startCpu(context: StartContext): Promise<string> {
  await importPackage('@tensorflow/tfjs-backend-cpu');
  await activate('cpu', context);
  return 'processor, 1 thread of JavaScript';
}
