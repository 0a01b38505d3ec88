import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The published packages: name, short name, folder and package.json. */
export const packages = readdirSync(join(root, 'packages'))
  .map((short) => {
    const folder = join(root, 'packages', short);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { name: manifest.name, short, folder, manifest };
  })
  .filter(({ manifest }) => !manifest.private);

/** The packages given by short name on the command line, or all: `npm run check:packages -- core teacher`. */
export function selectedPackages() {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !packages.some(({ short }) => short === name));
  if (unknown.length > 0) {
    console.error(
      `No package ${unknown.join(', ')}. There are ${packages.map(({ short }) => short).join(', ')}.`,
    );
    process.exit(1);
  }
  return names.length === 0 ? packages : packages.filter(({ short }) => names.includes(short));
}

/** The packages of this repository on which a package depends, directly or indirectly. */
export function ownDependencies(pkg) {
  const direct = packages.filter(({ name }) => name in (pkg.manifest.dependencies ?? {}));
  return [...new Set(direct.flatMap((dependency) => [dependency, ...ownDependencies(dependency)]))];
}
