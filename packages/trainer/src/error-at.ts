import { KdError } from '@kd/core';
import type { KdErrorParts } from '@kd/core';

/** The same `KdError` with another place; any other error as it is. */
export function errorAt(error: unknown, where: (before: string) => string): unknown {
  if (!KdError.isInstance(error)) return error;
  return new KdError({ ...(error as KdErrorParts), where: where(error.where), cause: error });
}
