import type { KdError } from '@kd/core';

/** A fault that may be over at the next attempt. */
export class Passing extends Error {
  /** What to throw if it is not. */
  readonly fault: KdError;
  /** Milliseconds that the server asks to wait. */
  readonly waitMs: number;

  constructor(fault: KdError, waitMs = 0) {
    super(fault.message);
    this.fault = fault;
    this.waitMs = waitMs;
  }
}
