import { KdError } from '@kd/core';
import { expect } from 'vitest';

/**
 * Expects `body` to throw or reject with a `KdError` of this code. The error must say what is expected and
 * what to do, and contain each of `facts` in one of its parts: the argument, the wrong value or shape, a
 * name. The wording is free.
 */
export async function expectKdError(body: () => unknown, code: string, ...facts: string[]): Promise<void> {
  let thrown: unknown;
  try {
    await body();
  } catch (error) {
    thrown = error;
  }
  if (!KdError.isInstance(thrown))
    return expect.fail(`expected a KdError ${code}, but got ${String(thrown)}`);
  const { where, argument, expected, received, remedy } = thrown;
  expect(thrown.code).toBe(code);
  for (const text of [where, argument, expected, received]) expect(text).not.toBe('');
  expect(remedy).toMatch(/\w\W+\w.*[.:?)]?$/s);
  for (const fact of facts) {
    const parts = [where, argument, expected, received, remedy];
    if (!parts.some((part) => part.includes(fact))) expect(parts).toContain(fact);
  }
}
