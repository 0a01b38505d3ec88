// Calls one export once, and says what is wrong with what happened.
import { KdError } from '@kd/core';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { disposeAll, tensorsIn } from './dispose.js';
import { fingerprint } from './fingerprint.js';
import { isHostile } from './hostile/hostile-error.js';
import type { ValidCall } from './valid-call.js';

export interface Call extends Omit<ValidCall, 'args'> {
  readonly target: object;
  readonly args: readonly unknown[];
  /** Whether a `KdError` is a fault too. */
  readonly mustSucceed?: boolean;
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

const isClass = (target: object): boolean => /^class\b/.test(Function.prototype.toString.call(target));

async function outcomeOf({ target, args, use }: Call): Promise<Outcome> {
  try {
    const result: unknown = isClass(target)
      ? Reflect.construct(target as never, args)
      : await Reflect.apply(target as never, undefined, args);
    const used: unknown = await use?.(result);
    return { result: [result, used] };
  } catch (error) {
    return { error };
  }
}

function faultOfError(call: Call, error: unknown): string | undefined {
  const { mayThrow = false, mustSucceed = false } = call;
  if (mustSucceed) return String(error);
  for (let one = error, depth = 0; depth < 5; depth += 1) {
    if (isHostile(one) || KdError.isInstance(one)) return undefined;
    one = (one as Error | undefined)?.cause;
  }
  if (!(error instanceof Error)) return `threw ${typeof error}`;
  if (mayThrow) return undefined;
  return `threw ${error.constructor.name}: ${error.message.split('\n')[0]?.slice(0, 150) ?? ''}`;
}

/** What the call did wrong; nothing if it worked, or refused its arguments with a `KdError`. */
export async function faultOf(call: Call): Promise<string | undefined> {
  const given = tensorsIn(call.args);
  const live = memory().numTensors;
  const before = fingerprint(call.args);
  const outcome = await outcomeOf(call);
  // What a function has begun without waiting for it shows now.
  await new Promise((resolve) => setImmediate(resolve));
  await setBackend('cpu');
  const after = fingerprint(call.args);
  if ('result' in outcome) disposeResult(outcome.result, given);
  const left = memory().numTensors - live;
  const fault = 'error' in outcome ? faultOfError(call, outcome.error) : undefined;
  if (fault !== undefined) return fault;
  if (after !== before && call.writes !== true) return 'changed an argument';
  return left > 0 && call.inTidy !== true ? `left ${String(left)} tensors` : undefined;
}

function disposeResult(result: unknown, given: ReadonlySet<Tensor>): void {
  const [first] = result as readonly unknown[];
  const isGiven = [...tensorsIn(first)].some((tensor) => given.has(tensor));
  if (!isGiven) disposeAll(first);
  disposeAll(result, given);
}
