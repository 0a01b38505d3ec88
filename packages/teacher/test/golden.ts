import { fileURLToPath } from 'node:url';
import { goldenFile } from '@kd/testing';
import { tensor } from '@tensorflow/tfjs-core';
import type { io, Tensor } from '@tensorflow/tfjs-core';

/** A tensor of the reference. */
export interface GoldenTensor {
  readonly shape: number[];
  readonly values: number[];
}

/** The reference's inputs and outputs. */
export interface Golden {
  readonly inputs: Readonly<Record<string, GoldenTensor>>;
  readonly outputs: Readonly<Record<string, GoldenTensor>>;
}

/** The path of a file of the reference. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`../src/golden/${name}`, import.meta.url));
}

/** Results of Python's onnxruntime for each model. */
export const onnxGolden: Readonly<Record<string, Golden>> = (
  goldenFile('teacher/onnx') as { models: Record<string, Golden> }
).models;

/** Results of Python's TensorFlow for the network. */
export const tensorflowGolden: Golden = goldenFile('teacher/tensorflow') as Golden;

/** An entry of a golden file that is known to exist. */
export function goldenOf(entries: Readonly<Record<string, GoldenTensor>>, name: string): GoldenTensor {
  return entries[name] as GoldenTensor;
}

/** A tensor of the reference as a tfjs tensor. */
export function toTensor({ values, shape }: GoldenTensor, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  return tensor(values, shape, dtype);
}

/** The IO handler from which `loadGraphModel` loads the network. */
export function graphModelArtifacts(): io.ModelArtifacts {
  const { weights, ...rest } = goldenFile('teacher/graph-model') as io.ModelArtifacts & { weights: string };
  return {
    ...rest,
    format: 'graph-model',
    weightData: Uint8Array.from(Buffer.from(weights, 'base64')).buffer,
  };
}
