import { describeTap, describeValue, KdError } from '@kd/core';
import type { Tap } from '@kd/core';
import { where } from './ensemble-members.js';

/** A tap of a member, without the member's name, and its position in the request to the ensemble. */
export interface MemberTap {
  readonly tap: Tap;
  readonly position: number;
}

/**
 * The taps `member/layer` of a request, by member; throws for a tap that belongs to no member or to several.
 */
export function tapsByMember(names: readonly string[], taps: readonly Tap[]): MemberTap[][] {
  for (const tap of taps) checkOwner(names, tap);
  return names.map((name) =>
    taps.flatMap((tap, position) => {
      if (!isOf(name, tap)) return [];
      const layer = pathOf(tap).slice(name.length + 1);
      return [{ tap: typeof tap === 'string' ? layer : { ...tap, layer }, position }];
    }),
  );
}

/** The members' answers for their taps, in the order of the request to the ensemble. */
export function inOrder<T>(taps: readonly (readonly MemberTap[])[], answers: readonly (readonly T[])[]): T[] {
  return taps
    .flatMap((own, member) =>
      own.map(({ position }, which) => ({ position, value: answers[member]?.[which] as T })),
    )
    .sort((a, b) => a.position - b.position)
    .map(({ value }) => value);
}

function pathOf(tap: Tap): string {
  return typeof tap === 'string' ? tap : tap.layer;
}

function isOf(name: string, tap: Tap): boolean {
  return pathOf(tap).startsWith(`${name}/`);
}

function checkOwner(names: readonly string[], tap: Tap): void {
  if (typeof (pathOf(tap) as unknown) !== 'string') {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'a tap',
      expected: 'the name of a layer, or an object with a layer',
      received: describeValue(tap),
      remedy: 'Write the tap as a name or as { layer, node, at }.',
    });
  }
  const owners = names.filter((name) => isOf(name, tap));
  if (owners.length === 1) return;
  throw new KdError({
    where,
    argument: `tap ${JSON.stringify(describeTap(tap))}`,
    ...(owners.length === 0
      ? {
          code: 'KD_TAP_UNKNOWN',
          expected: `of the form member/layer with a member among ${names.join(', ')}`,
          received: describeValue(describeTap(tap)),
          remedy: "Put the member's name before the layer's.",
        }
      : {
          code: 'KD_TAP_AMBIGUOUS',
          expected: 'a tap of one member',
          received: `a tap of ${owners.join(' or of ')}`,
          remedy: 'Rename one of the members.',
        }),
  });
}
