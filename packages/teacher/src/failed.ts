import { describeValue, KdError } from '@kd/core';

/** The error of a teacher that failed while it computed; a `KdError` stays what it is. */
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
