import { KdError } from '@kd/core';
import type { Shape } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxMetadata, OnnxSession, OnnxTensor } from './runtime.js';

/** What may be made of the values of an output. */
export interface FetchOptions {
  readonly roundFloat64: boolean;
}

/** Throws `KD_OUTPUT_UNSUPPORTED` for an output that is known to be no tensor, or of a type that is not read. */
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

/** The entry of a value, where the session tells. */
export function metadataOf(
  metadata: readonly OnnxMetadata[] | undefined,
  name: string,
): OnnxMetadata | undefined {
  return metadata?.find((one) => one.name === name);
}

/** The shape of a value, with open sizes as null, where the session tells. */
export function shapeOf(metadata: OnnxMetadata | undefined): Shape | undefined {
  return metadata?.shape?.map((size) => (typeof size === 'number' && size >= 0 ? size : null));
}

/** An output of onnxruntime as a tensor of tfjs. */
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
  // A copy: the session may write into its memory again.
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
        ? 'Pass roundFloat64: true to have it rounded to float32, which has 7 digits, or export the model in float32.'
        : 'Choose another output, or add a Cast to float32 to the model.',
  });
}

/** The error for the sequence of maps that scikit-learn's converters put out. */
export function noTensor(where: string, name: string, cause?: unknown): KdError {
  return new KdError({
    code: 'KD_OUTPUT_UNSUPPORTED',
    where,
    argument: `the output ${JSON.stringify(name)}`,
    expected: 'a tensor',
    received: 'a sequence or a map',
    remedy: "Of scikit-learn, export without it: to_onnx(model, X, options={'zipmap': False}).",
    cause,
  });
}
