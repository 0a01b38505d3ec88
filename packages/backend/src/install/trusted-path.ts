import { delimiter, isAbsolute, join } from 'node:path';

const ofPackages = join('node_modules', '.bin');

/**
 * A PATH without the folders whose programs strangers bring; undefined if none is left.
 *
 * These are the working directory, which an empty or relative entry means, and `node_modules/.bin`, which npx puts in front: a
 * dependency may call a program of its own `g++`, `as` or `python3`.
 */
export function trustedPath(path = ''): string | undefined {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder) && !isOfPackages(folder));
  return folders.length === 0 ? undefined : folders.join(delimiter);
}

function isOfPackages(folder: string): boolean {
  return join(folder, '.').endsWith(ofPackages);
}
