import { KdError } from '@kd/core';

/**
 * The outcome of `body` in one line: its result, the code and message of its `KdError`, or the class and
 * message of another error.
 */
export async function outcome(body: () => unknown): Promise<string> {
  try {
    return String(await body());
  } catch (error) {
    if (KdError.isInstance(error)) return `${error.code}: ${error.message}`;
    return error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error);
  }
}
