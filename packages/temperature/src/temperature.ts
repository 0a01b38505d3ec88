import { Tensor } from '@tensorflow/tfjs-core';
import { either, like, temperatureOption } from '@kd/core';
import type { Check } from '@kd/core';

/**
 * A temperature T: a number from 2^-63 to 2^63, or a float32 scalar tensor of one, which a schedule changes.
 */
export type Temperature = number | Tensor;

const scalarTensor: Check<Tensor> = like(
  'a float32 scalar tensor',
  (value): value is Tensor => value instanceof Tensor && value.rank === 0 && value.dtype === 'float32',
);

/** Describes an option that is a temperature. The number in a tensor is not read back, so not checked. */
export const temperature: Check<Temperature> = either(temperatureOption, scalarTensor);
