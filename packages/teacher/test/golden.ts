import { fileURLToPath } from 'node:url';
import { goldenFile } from '@kd/testing';
import { tensor } from '@tensorflow/tfjs-core';
import type { io, Tensor } from '@tensorflow/tfjs-core';

/** A tensor of the reference. */
export interface GoldenTensor {
  readonly shape: number[];
  readonly values: number[];
}

/** What the reference makes of inputs. */
export interface Golden {
  readonly inputs: Readonly<Record<string, GoldenTensor>>;
  readonly outputs: Readonly<Record<string, GoldenTensor>>;
}

/** The path of a file of the reference. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`../src/golden/${name}`, import.meta.url));
}

/** What onnxruntime of Python makes of each model. */
export const onnxGolden: Readonly<Record<string, Golden>> = (
  goldenFile('teacher/onnx') as { models: Record<string, Golden> }
).models;

/** What TensorFlow of Python makes of the network. */
export const tensorflowGolden: Golden = goldenFile('teacher/tensorflow') as Golden;

/** Entries of golden files, which are known to be there. */
export function goldenOf(entries: Readonly<Record<string, GoldenTensor>>, name: string): GoldenTensor {
  return entries[name] as GoldenTensor;
}

/** A tensor of the reference as one of tfjs. */
export function toTensor({ values, shape }: GoldenTensor, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  return tensor(values, shape, dtype);
}

/** What `loadGraphModel` loads the network from. */
export function graphModelArtifacts(): io.ModelArtifacts {
  const { weights, ...rest } = goldenFile('teacher/graph-model') as io.ModelArtifacts & { weights: string };
  return {
    ...rest,
    format: 'graph-model',
    weightData: Uint8Array.from(Buffer.from(weights, 'base64')).buffer,
  };
}
