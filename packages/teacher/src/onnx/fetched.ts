import { KdError } from '@kd/core';
import type { Shape } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxMetadata, OnnxSession, OnnxTensor } from './runtime.js';

/** How to convert the values of an output. */
export interface FetchOptions {
  readonly roundFloat64: boolean;
}

/**
 * Throws `KD_OUTPUT_UNSUPPORTED` for an output that is known not to be a tensor, or to have an unsupported
 * type.
 */
export function checkFetchable(
  where: string,
  session: OnnxSession,
  name: string,
  { roundFloat64 }: FetchOptions,
): void {
  const known = metadataOf(session.outputMetadata, name);
  if (known === undefined) return;
  if (!known.isTensor) throw noTensor(where, name);
  if (known.type !== undefined) checkType(where, name, known.type, roundFloat64);
}

/** The metadata of a value, if the session has any. */
export function metadataOf(
  metadata: readonly OnnxMetadata[] | undefined,
  name: string,
): OnnxMetadata | undefined {
  return metadata?.find((one) => one.name === name);
}

/** The shape of a value, with open sizes as null, if the session reveals it. */
export function shapeOf(metadata: OnnxMetadata | undefined): Shape | undefined {
  return metadata?.shape?.map((size) => (typeof size === 'number' && size >= 0 ? size : null));
}

/** Converts an output of onnxruntime to a tfjs tensor. */
export async function tensorOf(
  where: string,
  name: string,
  value: OnnxTensor | undefined,
  { roundFloat64 }: FetchOptions,
): Promise<Tensor> {
  if (typeof value?.type !== 'string') throw noTensor(where, name);
  checkType(where, name, value.type, roundFloat64);
  const values = value.getData === undefined ? value.data : await value.getData();
  const dims = [...value.dims];
  // Copied, because the session may overwrite its memory.
  if (value.type === 'int32') return tensor(Int32Array.from(values as Int32Array), dims, 'int32');
  return tensor(Float32Array.from(values as Float32Array | Float64Array), dims, 'float32');
}

function checkType(where: string, name: string, type: string, roundFloat64: boolean): void {
  if (type === 'float32' || type === 'int32' || (type === 'float64' && roundFloat64)) return;
  throw new KdError({
    code: 'KD_OUTPUT_UNSUPPORTED',
    where,
    argument: `the output ${JSON.stringify(name)}`,
    expected: 'of type float32',
    received: type,
    remedy:
      type === 'float64'
        ? 'Pass roundFloat64: true to round it to float32, which has 7 digits, or export the model in float32.'
        : 'Choose another output, or add a Cast to float32 to the model.',
  });
}

/** The error for the sequence of maps that scikit-learn's converter outputs. */
export function noTensor(where: string, name: string, cause?: unknown): KdError {
  return new KdError({
    code: 'KD_OUTPUT_UNSUPPORTED',
    where,
    argument: `the output ${JSON.stringify(name)}`,
    expected: 'a tensor',
    received: 'a sequence or a map',
    remedy: "Export scikit-learn models without it: to_onnx(model, X, options={'zipmap': False}).",
    cause,
  });
}
