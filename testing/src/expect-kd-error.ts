import { KdError } from '@kd/core';
import { expect } from 'vitest';

/** Expects `body` to throw or reject with a `KdError` of this code whose message contains every one of `parts`. */
export async function expectKdError(body: () => unknown, code: string, ...parts: string[]): Promise<void> {
  let thrown: unknown;
  try {
    await body();
  } catch (error) {
    thrown = error;
  }
  if (!KdError.isInstance(thrown))
    return expect.fail(`expected a KdError ${code}, but got ${String(thrown)}`);
  expect(thrown.code).toBe(code);
  for (const part of parts) expect(thrown.message).toContain(part);
}
