import { describeShape, KdError } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxRuntime, OnnxTensor } from './runtime.js';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** How a tfjs dtype becomes an ONNX type. */
interface Conversion {
  readonly convert: (values: Numbers) => unknown;
  /** The numbers that stay the same; absent: all. */
  readonly isExact?: (value: number) => boolean;
  readonly exact?: string;
}

const wholeIn = (smallest: number, largest: number): Pick<Conversion, 'isExact' | 'exact'> => ({
  isExact: (value) => Number.isInteger(value) && value >= smallest && value <= largest,
  exact: `whole numbers from ${String(smallest)} to ${String(largest)}`,
});
const same = (values: Numbers): Numbers => values;
const toInt64 = (values: Numbers): BigInt64Array => BigInt64Array.from(values, BigInt);

const int32 = wholeIn(-(2 ** 31), 2 ** 31 - 1);
const uint8 = { convert: (values: Numbers) => Uint8Array.from(values), ...wholeIn(0, 255) };
const bool = { convert: (values: Numbers) => Uint8Array.from(values), ...wholeIn(0, 1) };

const conversions: Readonly<Record<string, Conversion>> = {
  'float32 to float32': { convert: same },
  'float32 to float64': { convert: (values) => Float64Array.from(values) },
  'float32 to int32': { convert: (values) => Int32Array.from(values), ...int32 },
  'float32 to int64': { convert: toInt64, ...wholeIn(-(2 ** 53), 2 ** 53) },
  'float32 to uint8': uint8,
  'float32 to bool': bool,
  'int32 to int32': { convert: same },
  'int32 to int64': { convert: toInt64 },
  'int32 to float32': { convert: (values) => Float32Array.from(values), ...wholeIn(-(2 ** 24), 2 ** 24) },
  'int32 to float64': { convert: (values) => Float64Array.from(values) },
  'int32 to uint8': uint8,
  'int32 to bool': bool,
  'bool to bool': { convert: same },
  'bool to int32': { convert: (values) => Int32Array.from(values) },
  'bool to int64': { convert: toInt64 },
  'bool to uint8': { convert: same },
};

/** The tfjs dtypes that convert to an ONNX type. */
export function dtypesFor(type: string | undefined): string[] | undefined {
  if (type === undefined) return undefined;
  const from = Object.keys(conversions).filter((key) => key.endsWith(` to ${type}`));
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
  const conversion = conversions[`${input.dtype} to ${wanted}`];
  if (conversion === undefined) {
    throw new KdError({
      code: 'KD_OUTPUT_UNSUPPORTED',
      where,
      argument: `the input ${JSON.stringify(name)} of the model`,
      expected: 'of type float32, float64, int32, int64, uint8 or bool',
      received: `${wanted} for a ${input.dtype} tensor ${describeShape(input.shape)}`,
      remedy: 'Export the model with an input of one of these types.',
    });
  }
  const { convert, isExact, exact } = conversion;
  const values = await input.data<'float32' | 'int32' | 'bool'>();
  const wrong = isExact && values.find((value) => !isExact(value));
  if (wrong !== undefined) {
    throw new KdError({
      code: 'KD_TENSOR_DTYPE',
      where,
      argument: `the input ${JSON.stringify(name)} of the model`,
      expected: `${String(exact)}, because the model takes ${wanted}`,
      received: `${String(wrong)} in a ${input.dtype} tensor`,
      remedy: 'Pass numbers that the model can take unchanged, or transform them using withInputs.',
    });
  }
  return new Tensor(wanted as never, convert(values) as never, input.shape);
}
