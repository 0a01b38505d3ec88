import { checkFinite, checkOptions, describeValue, KdError } from '@kd/core';
import type { BiasCorrection } from './correct-bias.js';

/** Checks the offsets of a correction, which may come out of a file. */
export function checkOffsets(where: string, correction: Pick<BiasCorrection, 'offsets'>): readonly number[] {
  checkOptions(where, correction, ['offsets', 'before', 'after'], 'correction');
  const offsets: unknown = correction.offsets;
  if (!Array.isArray(offsets) || offsets.length === 0) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'correction.offsets',
      expected: 'an array of one number a class',
      received: describeValue(offsets),
      remedy: 'Pass what correctBias gives.',
    });
  }
  offsets.forEach((offset: unknown, index) => {
    checkFinite(where, `correction.offsets[${String(index)}]`, offset);
  });
  return offsets as readonly number[];
}
