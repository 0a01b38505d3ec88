import { KdError } from '@kd/core';

/** The error for a state that is not of this optimizer and these weights. */
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
