// Whoever compiles this file, alone too, needs the declarations; an import of them would be left in what is emitted.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="../optional-packages.d.ts" />
import { env } from '@tensorflow/tfjs-core';
import { describeAdapter, isSoftware } from '../webgpu/adapter.js';
import type { Gpu } from '../webgpu/adapter.js';
import { activate } from './activate.js';
import type { Candidate, StartContext } from './candidate.js';

/**
 * What in a browser may bring a backend, the fastest at training first.
 *
 * The names of the packages stand in the imports, where bundlers look for them: each becomes a part of its own, fetched when
 * its turn comes, and one that is not installed is refused then.
 */
export const browserCandidates: readonly Candidate[] = [
  { name: 'webgpu', package: '@tensorflow/tfjs-backend-webgpu', start: startWebGpu },
  { name: 'wasm', package: '@tensorflow/tfjs-backend-wasm', start: startWasm },
  { name: 'webgl', package: '@tensorflow/tfjs-backend-webgl', start: startWebGl },
  { name: 'cpu', package: '@tensorflow/tfjs-backend-cpu', start: startCpu },
];

async function startWebGpu({ required, signal }: StartContext): Promise<string> {
  // Types of browsers have it in all of them; few browsers do.
  const { gpu } = globalThis.navigator as { readonly gpu?: Gpu };
  const adapter = (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  if (adapter === null) throw new Error('this browser has no adapter');
  if (isSoftware(adapter) && !required)
    throw new Error(`its only adapter is software: ${describeAdapter(adapter)}`);
  await import('@tensorflow/tfjs-backend-webgpu').catch(rethrow);
  await activate('webgpu', { signal });
  return describeAdapter(adapter);
}

async function startWasm(context: StartContext): Promise<string> {
  const { getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  await activate('wasm', context);
  // tfjs decides it: several where the page is isolated from other origins.
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

// A bundler lets an import of an absent package pass if somebody is there to catch its failure.
function rethrow(error: unknown): never {
  throw error;
}
