import { KdError } from '@kd/core';

/** A job that failed in its process, with the text of what went wrong there. */
export class JobFailure extends Error {}

/**
 * What the user is told of an error: the message and the code of a typed one, where any other one came from.
 */
export function textOf(error: unknown): string {
  if (KdError.isInstance(error)) return `${error.message} [${error.code}]`;
  if (error instanceof JobFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
