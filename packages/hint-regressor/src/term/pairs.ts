import { checkTap, describeValue, KdError } from '@kd/core';
import type { Tap } from '@kd/core';

/** A layer of the student and the layer of the teacher that guides it. */
export interface HintPair {
  readonly guided: Tap;
  readonly hint: Tap;
}

/** Pairs guided layers with hints in their order; throws for lists of unequal length, for none, and for what is no tap. */
export function pairsOf(
  where: string,
  student: Tap | readonly Tap[],
  teacher: Tap | readonly Tap[],
): HintPair[] {
  const [guided, hints] = [
    listOf(where, 'options.student', student),
    listOf(where, 'options.teacher', teacher),
  ];
  if (guided.length === hints.length)
    return guided.map((tap, pair) => ({ guided: tap, hint: hints[pair] as Tap }));
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.student and options.teacher',
    expected: 'of as many taps, one hint for each guided layer',
    received: `${String(guided.length)} of the student and ${String(hints.length)} of the teacher`,
    remedy: 'List a layer twice if it takes part in two pairs.',
  });
}

function listOf(where: string, argument: string, taps: unknown): Tap[] {
  if (!Array.isArray(taps)) {
    checkTap(where, argument, taps);
    return [taps];
  }
  if (taps.length > 0) {
    taps.forEach((tap, index) => {
      checkTap(where, `${argument}[${String(index)}]`, tap);
    });
    return taps as Tap[];
  }
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'a tap, or a list of at least one',
    received: describeValue(taps),
    remedy: 'Write a tap as the name of a layer, or as { layer, node, at }; suggestTaps lists some.',
  });
}
