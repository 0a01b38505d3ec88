import { findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { activate } from '../select-backend/activate.js';
import type { StartContext } from '../select-backend/candidate.js';
import { importPackage } from '../select-backend/import-package.js';
import { describeAdapter, isSoftware, limitsOf } from './adapter.js';
import type { Adapter, Device, Gpu } from './adapter.js';
import { withNavigator } from './with-navigator.js';

interface Dawn {
  readonly create: (options: readonly string[]) => Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}
interface WebGpuPackage {
  readonly WebGPUBackend: new (device: Device, info: Adapter['info']) => KernelBackend;
}

// tfjs's own value.
const priority = 3;
const dawnPackage = 'webgpu';

/**
 * Starts WebGPU under Node with Dawn, which the package `webgpu` brings; returns the device.
 *
 * Refuses a software adapter unless this backend is required.
 */
export async function startWebGpu({ required, signal }: StartContext): Promise<string> {
  const { create, globals } = await importDawn();
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('no adapter; is a driver for Vulkan, Metal or Direct3D installed?');
  if (isSoftware(adapter) && !required)
    throw new Error(`its only adapter is software: ${describeAdapter(adapter)}`);
  const device = await adapter.requestDevice(limitsOf(adapter));
  // The backend reads these globals when it computes.
  for (const name of ['GPUBuffer', 'GPUTexture', 'GPUBufferUsage', 'GPUMapMode']) {
    Object.defineProperty(globalThis, name, { value: globals[name], configurable: true, writable: true });
  }
  const backend = await withNavigator({ gpu }, async () => {
    const { WebGPUBackend } = (await importPackage('@tensorflow/tfjs-backend-webgpu')) as WebGpuPackage;
    // Reading back hangs once the object from `create` is collected, so the backend keeps it.
    return Object.assign(new WebGPUBackend(device, adapter.info), { dawn: gpu });
  });
  signal.throwIfAborted();
  if ((findBackendFactory('webgpu') as unknown) !== null) removeBackend('webgpu');
  registerBackend('webgpu', () => backend, priority);
  await activate('webgpu', { signal });
  // Exiting while the device computes ends in a segmentation fault.
  process.once('exit', () => {
    device.destroy();
  });
  return describeAdapter(adapter);
}

async function importDawn(): Promise<Dawn> {
  try {
    return (await importPackage(dawnPackage)) as Dawn;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the package webgpu, which brings Dawn, cannot be imported: ${message}`, { cause });
  }
}
