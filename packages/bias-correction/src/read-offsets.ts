import { finite, KdError, list, optionsOf } from '@kd/core';
import type { BiasCorrection } from './fit-bias-offsets.js';

/** A correction; only its offsets are used. */
type Offsets = Pick<BiasCorrection, 'offsets'> & Partial<Omit<BiasCorrection, 'offsets'>>;

const correctionOptions = optionsOf<Offsets>()({
  offsets: list(finite),
  before: finite.optional(),
  after: finite.optional(),
});

/**
 * The offsets of a correction, which may come from a file; throws unless they are a non-empty array of finite
 * numbers.
 */
export function readOffsets(where: string, correction: Offsets): readonly number[] {
  const { offsets } = correctionOptions.read(where, correction, 'correction');
  if (offsets.length > 0) return offsets;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'correction.offsets',
    expected: 'an array with one number per class',
    received: 'an array of length 0',
    remedy: 'Pass the result of fitBiasOffsets.',
  });
}
