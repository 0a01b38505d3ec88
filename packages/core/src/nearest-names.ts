import leven from 'leven';

/** `names`, those spelt most like `name` first, each with its number of changed letters. */
export function namesByLikeness(name: string, names: readonly string[]): { name: string; changes: number }[] {
  // For a nested layer, users may write only the last part of the path.
  const spellingsOf = (path: string): string[] => [path, path.slice(path.lastIndexOf('/') + 1)];
  const changesTo = (path: string): number =>
    Math.min(...spellingsOf(path).map((text) => leven(text.toLowerCase(), name.toLowerCase())));
  return [...new Set(names)]
    .map((path) => ({ name: path, changes: changesTo(path) }))
    .sort((a, b) => a.changes - b.changes);
}

/** The names spelt most like `name`, at most three: `"conv2d_1" or "conv2d_2"`; empty if none is close. */
export function nearestNames(name: string, names: readonly string[]): string {
  return namesByLikeness(name, names)
    .filter(({ changes }) => changes <= Math.max(2, name.length / 3))
    .slice(0, 3)
    .map((near) => JSON.stringify(near.name))
    .join(' or ');
}
