import { check, KdError, list, optionFault, tap } from '@kd/core';
import type { Check, Tap } from '@kd/core';

/** A layer of the student and the layer of the teacher that guides it. */
export interface HintPair {
  readonly guided: Tap;
  readonly hint: Tap;
}

/** Describes an option that takes a tap, or a non-empty list of taps. */
export const taps: Check<Tap | readonly Tap[]> = check('a tap or a non-empty list of taps', (at, value) => {
  if (!Array.isArray(value)) return tap.read(at, value);
  if (value.length > 0) return list(tap).read(at, value);
  const remedy = 'Write a tap as the name of a layer, or as { layer, node, at }; suggestTaps lists some.';
  throw optionFault('TYPE', at, 'a tap or a non-empty list of taps', value, remedy);
});

/** Pairs guided layers with hints in order. Throws for lists of different lengths. */
export function pairsOf(
  where: string,
  student: Tap | readonly Tap[],
  teacher: Tap | readonly Tap[],
): HintPair[] {
  const [guided, hints] = [[student].flat(), [teacher].flat()];
  if (guided.length === hints.length)
    return guided.map((tap, pair) => ({ guided: tap, hint: hints[pair] as Tap }));
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.student and options.teacher',
    expected: 'lists of equal length, one hint for each guided layer',
    received: `${String(guided.length)} of the student and ${String(hints.length)} of the teacher`,
    remedy: 'List a layer twice if it takes part in two pairs.',
  });
}
