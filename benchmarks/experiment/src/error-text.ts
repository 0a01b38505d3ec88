import process from 'node:process';
import { KdError } from '@kd/core';

/** A job that failed in its process, with the error text from there. */
export class JobFailure extends Error {}

/** The text of an error for the user: the message and code of a typed error, the stack of any other. */
export function textOf(error: unknown): string {
  if (KdError.isInstance(error)) return `${error.message} [${error.code}]`;
  if (error instanceof JobFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Prints an error of a program in one line, if it is typed, and lets the program end with status 1. */
export function printError(error: unknown): void {
  console.error(textOf(error));
  process.exitCode = 1;
}
