import { Tensor } from '@tensorflow/tfjs-core';
import { check, either, like, temperatureOption } from '@kd/core';
import type { Check } from '@kd/core';

/**
 * A temperature T: a number from 2^-63 to 2^63, or a float32 scalar tensor of one, which a schedule changes.
 */
export type Temperature = number | Tensor;

const isScalar = (value: unknown): value is Tensor =>
  value instanceof Tensor && value.rank === 0 && value.dtype === 'float32';

const numberOrScalar = either(temperatureOption, like('a float32 scalar tensor', isScalar));

/** Describes an option that is a temperature. The number in a tensor is not read back, so not checked. */
// Every step reads it, mostly as a tensor, for which `either` would make an error first: 50 µs.
export const temperature: Check<Temperature> = check(numberOrScalar.expected, (at, value) =>
  isScalar(value) ? value : numberOrScalar.read(at, value),
);
