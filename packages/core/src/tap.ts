import type { KdError } from './kd-error.js';
import { check, optionFault } from './options/check.js';
import type { Check } from './options/check.js';

/**
 * A place in a model where a term reads a value.
 *
 * A string is a layer's name; reach layers of nested models by path: `backbone/conv2d_2`. A layer that is
 * applied several times needs `node`, counted from 0. `preActivation` is the value before the layer's
 * activation.
 */
export type Tap =
  string | { readonly layer: string; readonly node?: number; readonly at?: 'output' | 'preActivation' };

/** A tap for messages: `conv2d_2`, `shared#1`, `dense@preActivation`. */
export function describeTap(tap: Tap): string {
  if (typeof tap === 'string') return tap;
  const node = tap.node === undefined ? '' : `#${String(tap.node)}`;
  const at = tap.at === undefined || tap.at === 'output' ? '' : `@${tap.at}`;
  return `${tap.layer}${node}${at}`;
}

/** Throws `KD_OPTION_TYPE` unless `tap` is written correctly; it does not check whether the layer exists. */
export function checkTap(where: string, argument: string, tap: unknown): asserts tap is Tap {
  const { layer, node, at }: { layer?: unknown; node?: unknown; at?: unknown } =
    typeof tap === 'object' && tap !== null ? tap : { layer: tap };
  const remedy = 'Write the tap as a name, or as { layer, node, at }.';
  const fault = (of: string, expected: string, received: unknown): KdError =>
    optionFault('TYPE', { where, argument: of }, expected, received, remedy);
  if (typeof layer !== 'string') throw fault(argument, 'a layer name or an object with a layer', tap);
  if (node !== undefined && typeof node !== 'number')
    throw fault(`node of tap ${JSON.stringify(layer)}`, 'a whole number >= 0', node);
  if (at === undefined || at === 'output' || at === 'preActivation') return;
  throw fault(`at of tap ${JSON.stringify(layer)}`, '"output" or "preActivation"', at);
}

/** A tap, as an option. */
export const tap: Check<Tap> = check(
  'a layer name or an object with a layer',
  ({ where, argument }, value) => {
    checkTap(where, argument, value);
    return value;
  },
);
