import { describeValue, KdError } from '@kd/core';

/** The error for a teacher that failed to compute; a `KdError` is returned unchanged. */
export function failed(where: string, argument: string, cause: unknown, remedy: string): KdError {
  if (KdError.isInstance(cause)) return cause;
  return new KdError({
    code: 'KD_TEACHER_FAILED',
    where,
    argument,
    expected: 'one that answers',
    received: cause instanceof Error ? `the error "${cause.message}"` : describeValue(cause),
    remedy,
    cause,
  });
}
