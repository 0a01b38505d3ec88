import { KdError } from '@kd/core';

/** The error for a state of another optimizer or of other weights. */
export function stateMismatch(where: string, argument: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_STATE_MISMATCH',
    where,
    argument,
    expected,
    received,
    remedy: 'Put a state back into an optimizer of the same kind that trains the same weights.',
  });
}
