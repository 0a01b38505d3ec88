// All copies of this file in a process share Symbol.for; a class exists once per copy.
const marker = Symbol.for('@kd/error');

/** The parts of a `KdError`: function, argument, expected, received, remedy. */
export interface KdErrorParts {
  /** Stable code, `KD_<NOUN>_<FAULT>`. */
  readonly code: `KD_${string}_${string}`;
  /** The function, layer or term that throws. */
  readonly where: string;
  /** The wrong argument, as the caller writes it: `options.temperature`. */
  readonly argument: string;
  /** What the argument must be, completing "must be ...". */
  readonly expected: string;
  /** What was received. */
  readonly received: string;
  /** The next step, as a sentence. */
  readonly remedy: string;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * The error of all `@kd` packages: `where: argument must be expected; received received. remedy`.
 *
 * @example
 * ```ts
 * import { KdError } from '@kd/core';
 * const error = new KdError({
 *   code: 'KD_OPTION_RANGE',
 *   where: 'softTargetLoss',
 *   argument: 'options.temperature',
 *   expected: 'a finite number > 0',
 *   received: '0',
 *   remedy: 'Temperatures from 2 to 20 are usual.',
 * });
 * console.log(error.message);
 * // softTargetLoss: options.temperature must be a finite number > 0; received 0. Temperatures from 2 to 20 are usual.
 * console.log(KdError.isInstance(error), error.code);
 * // true KD_OPTION_RANGE
 * ```
 */
export class KdError extends Error {
  override readonly name: string = 'KdError';
  readonly code: string;
  readonly where: string;
  readonly argument: string;
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;

  constructor(parts: KdErrorParts) {
    super(
      `${parts.where}: ${parts.argument} must be ${parts.expected}; received ${parts.received}. ${parts.remedy}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    Object.defineProperty(this, marker, { value: true });
    this.code = parts.code;
    this.where = parts.where;
    this.argument = parts.argument;
    this.expected = parts.expected;
    this.received = parts.received;
    this.remedy = parts.remedy;
  }

  /** Whether `value` is a `KdError`, from this copy of the package or another one in the process. */
  static isInstance(value: unknown): value is KdError {
    return typeof value === 'object' && value !== null && Reflect.get(value, marker) === true;
  }
}

/** The same `KdError` with a new `where` and the original as its cause; any other error unchanged. */
export function errorAt(error: unknown, where: (before: string) => string): unknown {
  if (!KdError.isInstance(error)) return error;
  return new KdError({ ...(error as KdErrorParts), where: where(error.where), cause: error });
}
