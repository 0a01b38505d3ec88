import { distance } from 'fastest-levenshtein';

/** The names that are written most like `name`, quoted, at most three: `"conv2d_1" or "conv2d_2"`; empty if none is near. */
export function nearestNames(name: string, names: readonly string[]): string {
  // Of a nested layer the last part alone may have been written.
  const spellingsOf = (path: string): string[] => [path, path.slice(path.lastIndexOf('/') + 1)];
  const changesTo = (path: string): number =>
    Math.min(...spellingsOf(path).map((text) => distance(text.toLowerCase(), name.toLowerCase())));
  return [...new Set(names)]
    .map((path) => ({ path, changes: changesTo(path) }))
    .filter(({ changes }) => changes <= Math.max(2, name.length / 3))
    .sort((a, b) => a.changes - b.changes)
    .slice(0, 3)
    .map(({ path }) => JSON.stringify(path))
    .join(' or ');
}
