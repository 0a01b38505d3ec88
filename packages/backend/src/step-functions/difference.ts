import type { Node } from './graph.js';
import type { Written } from './written.js';

/** What differs between two runs of a computation; undefined if either can stand for it. */
export function differenceOf(one: Written, other: Written): string | undefined {
  const [ours, theirs] = [one.graph.nodes, other.graph.nodes];
  const index = ours.findIndex((node, at) => !areEqual(node, theirs[at]));
  if (index >= 0 || ours.length !== theirs.length) return reasonOf(ours[index], theirs[index]);
  const isSame =
    sameItems(one.captured, other.captured) &&
    sameItems(one.state, other.state) &&
    sameItems(
      one.assigned.map(({ variable }) => variable),
      other.assigned.map(({ variable }) => variable),
    ) &&
    sameItems(endsOf(one), endsOf(other));
  return isSame ? undefined : 'it uses other variables from step to step';
}

function reasonOf(ours: Node | undefined, theirs: Node | undefined): string {
  if (ours?.op === 'Const' && theirs?.op === 'Const')
    return 'a constant of it changes from step to step: numbers that JavaScript draws, counts or reads from elsewhere';
  return 'its operations change from step to step';
}

function areEqual(one: Node, other: Node | undefined): boolean {
  if (other?.name !== one.name || !sameItems(one.inputs, other.inputs)) return false;
  const names = Object.keys(one.attrs);
  return (
    names.length === Object.keys(other.attrs).length &&
    names.every((name) => sameItems(one.attrs[name] ?? [], other.attrs[name] ?? []))
  );
}

function endsOf({ outputs, assigned, holds, controls }: Written): readonly unknown[] {
  const named = Object.entries(outputs).flatMap(([name, { end }]) => [name, end]);
  return [...named, ...assigned.map(({ end }) => end), holds, ...controls];
}

function sameItems(one: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}
