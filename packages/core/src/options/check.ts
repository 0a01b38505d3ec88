import { describeValue } from '../describe-value.js';
import { KdError } from '../kd-error.js';

/** Whether an option is required, has a default, or may be absent. */
export type Presence = 'required' | 'default' | 'optional';

/** The place of an option, as the caller writes it. */
export interface OptionPath {
  /** The function that was called. */
  readonly where: string;
  /** `options.temperature`. */
  readonly argument: string;
}

/** Reads one option: users pass `In`, the code gets `Out`. */
export interface Check<In, Out = In, P extends Presence = 'required'> {
  /** Completes "must be ...". */
  readonly expected: string;
  readonly presence: P;
  /** The value as the code gets it, or throws a `KdError`. Tensors, models and functions pass unchanged. */
  read(at: OptionPath, value: unknown): Out;
  /** The same option with a default, which is checked like any other value. */
  default(value: In): Check<In, Out, 'default'>;
  /** The same option, absent if it is left out. */
  optional(): Check<In, Out, 'optional'>;
  /** Never set. It makes `In` invariant, so that a check accepts exactly what the type allows. */
  readonly accepts?: (value: In) => In;
}

/** The error for an option: `KD_OPTION_TYPE`, `KD_OPTION_RANGE` or `KD_OPTION_UNKNOWN`. */
export function optionFault(
  fault: 'TYPE' | 'RANGE' | 'UNKNOWN',
  at: OptionPath,
  expected: string,
  received: unknown,
  remedy: string,
): KdError {
  const code = `KD_OPTION_${fault}` as const;
  return new KdError({ ...at, code, expected, received: describeValue(received), remedy });
}

/** A check made from a function that reads; for options that `like` cannot tell by a type guard. */
export function check<In, Out = In>(expected: string, read: Check<In, Out>['read']): Check<In, Out> {
  const where = <P extends Presence>(
    presence: P,
    absent: (at: OptionPath) => Out | undefined,
  ): Check<In, Out, P> => {
    const readOrAbsent = (at: OptionPath, value: unknown): Out | undefined =>
      value === undefined ? absent(at) : read(at, value);
    return { ...check(expected, readOrAbsent as Check<In, Out>['read']), presence };
  };
  return {
    expected,
    presence: 'required',
    read,
    default: (value) => where('default', (at) => read(at, value)),
    optional: () => where('optional', () => undefined),
  };
}

/** A value that passes unchecked, because the rules for it depend on other options. */
export function unchecked<V>(expected: string): Check<V> {
  return check(expected, (_, value) => value as V);
}

/**
 * Whether a value is an object whose fields one can list. Those of an array, a promise or a Map say nothing
 * about what is in it.
 */
export function hasFields(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
