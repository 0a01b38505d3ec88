import { KdError } from '@kd/core';

/** A job that failed in its process, with the error text from there. */
export class JobFailure extends Error {}

/** The text of an error for the user: the message and code of a typed error, the stack of any other. */
export function textOf(error: unknown): string {
  if (KdError.isInstance(error)) return `${error.message} [${error.code}]`;
  if (error instanceof JobFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
