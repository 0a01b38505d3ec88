// Whoever compiles this file, even alone, needs the declarations; an import would remain in the emitted file.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="../optional-packages.d.ts" />
import { env } from '@tensorflow/tfjs-core';
import { describeAdapter, isSoftware } from '../webgpu/adapter.js';
import type { Gpu } from '../webgpu/adapter.js';
import { activate } from './activate.js';
import type { Candidate, StartContext } from './candidate.js';

/**
 * The packages that may bring a backend to a browser, the fastest at training first.
 *
 * The imports contain the package names literally, because bundlers look for them there. Each package becomes
 * its own chunk, fetched when its turn comes; a package that is not installed then fails to load.
 */
export const browserCandidates: readonly Candidate[] = [
  { name: 'webgpu', package: '@tensorflow/tfjs-backend-webgpu', start: startWebGpu },
  { name: 'wasm', package: '@tensorflow/tfjs-backend-wasm', start: startWasm },
  { name: 'webgl', package: '@tensorflow/tfjs-backend-webgl', start: startWebGl },
  { name: 'cpu', package: '@tensorflow/tfjs-backend-cpu', start: startCpu },
];

async function startWebGpu({ required, signal }: StartContext): Promise<string> {
  // The types claim that all browsers have it; few do.
  const { gpu } = globalThis.navigator as { readonly gpu?: Gpu };
  const adapter = (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  if (adapter === null) throw new Error('this browser has no GPU adapter');
  if (isSoftware(adapter) && !required)
    throw new Error(`its only adapter is software: ${describeAdapter(adapter)}`);
  await import('@tensorflow/tfjs-backend-webgpu').catch(rethrow);
  await activate('webgpu', { signal });
  return describeAdapter(adapter);
}

async function startWasm(context: StartContext): Promise<string> {
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  await activate('wasm', context);
  // tfjs decides the number: several if the page is isolated from other origins.
  const threads = env().getBool('WASM_HAS_MULTITHREAD_SUPPORT') ? getThreadsCount() : 1;
  return `processor, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
}

async function startWebGl(context: StartContext): Promise<string> {
  await import('@tensorflow/tfjs-backend-webgl').catch(rethrow);
  await activate('webgl', context);
  return `GPU (WebGL ${String(env().getNumber('WEBGL_VERSION'))})`;
}

async function startCpu(context: StartContext): Promise<string> {
  await import('@tensorflow/tfjs-backend-cpu').catch(rethrow);
  await activate('cpu', context);
  return 'processor, 1 thread of JavaScript';
}

// A bundler accepts the import of an absent package if the failure is caught.
function rethrow(error: unknown): never {
  throw error;
}
