import { checkTap, describeTap, KdError, namesByLikeness } from '@kd/core';
import type { KdErrorParts, Tap } from '@kd/core';

/** The largest number of names that a message lists in full. */
const listed = 40;

/** The error for an unknown name: lists all known names, or the most similar if there are too many. */
export function unknownName(
  parts: Pick<KdErrorParts, 'code' | 'where' | 'argument' | 'expected'>,
  name: string,
  known: readonly string[],
): KdError {
  const names = namesByLikeness(name, known)
    .slice(0, listed)
    .map((candidate) => candidate.name);
  const rest = known.length > listed ? `, and ${String(known.length - listed)} more` : '';
  return new KdError({
    ...parts,
    received: JSON.stringify(name),
    remedy: `Choose one of these, the most similar first: ${names.join(', ')}${rest}.`,
  });
}

/** The name of a tap in a model that has named values instead of layers. */
export function nameOfTap(where: string, tap: Tap, known: readonly string[], of: string): string {
  checkTap(where, 'a tap', tap);
  const argument = `tap ${JSON.stringify(describeTap(tap))}`;
  const { layer, node, at = 'output' } = typeof tap === 'string' ? { layer: tap } : tap;
  if (at !== 'output' || (node ?? 0) !== 0) {
    throw new KdError({
      code: 'KD_TAP_UNSUPPORTED',
      where,
      argument,
      expected: `the name of ${of}`,
      received: describeTap(tap),
      remedy:
        'Tap by name only, and to tap before an activation, name that node: this kind of model has no layers.',
    });
  }
  if (known.includes(layer)) return layer;
  throw unknownName({ code: 'KD_TAP_UNKNOWN', where, argument, expected: of }, layer, known);
}
