import { describeShape, KdError } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxRuntime, OnnxTensor } from './runtime.js';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Conversions of values from a tfjs dtype to an ONNX type; all of them are exact. */
const conversions: Readonly<Record<string, ((values: Numbers) => unknown) | undefined>> = {
  'float32 to float32': (values) => values,
  'float32 to float64': (values) => Float64Array.from(values),
  'int32 to int32': (values) => values,
  'int32 to int64': (values) => BigInt64Array.from(values, BigInt),
  'int32 to float32': undefined,
  'bool to bool': (values) => values,
};

/** The tfjs dtypes that convert to an ONNX type. */
export function dtypesFor(type: string | undefined): string[] | undefined {
  if (type === undefined) return undefined;
  const from = Object.keys(conversions).filter(
    (key) => conversions[key] !== undefined && key.endsWith(` to ${type}`),
  );
  // `feedOf` reports a type without conversions.
  if (from.length === 0) return undefined;
  return from.map((key) => key.slice(0, key.indexOf(' ')));
}

/** Converts a tensor of the batch to onnxruntime's; without metadata, to the most similar type. */
export async function feedOf(
  where: string,
  { Tensor }: OnnxRuntime,
  name: string,
  input: Tensor,
  type: string | undefined,
): Promise<OnnxTensor> {
  const wanted = type ?? input.dtype;
  const convert = conversions[`${input.dtype} to ${wanted}`];
  if (convert === undefined) {
    throw new KdError({
      code: 'KD_OUTPUT_UNSUPPORTED',
      where,
      argument: `the input ${JSON.stringify(name)} of the model`,
      expected: 'of type float32, float64, int32, int64 or bool',
      received: `${wanted} for a ${input.dtype} tensor ${describeShape(input.shape)}`,
      remedy: 'Export the model with an input of one of these types.',
    });
  }
  const values = convert(await input.data<'float32' | 'int32' | 'bool'>());
  return new Tensor(wanted as never, values as never, input.shape);
}
