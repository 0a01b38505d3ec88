import { readFileSync } from 'node:fs';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/**
 * A package.json in which each package of @kd has the range that this package's own one states, which
 * changesets keep up to date.
 */
export function withVersions(text: string): string {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
  const ranges = { ...own.devDependencies, ...own.dependencies };
  const manifest = JSON.parse(text) as Manifest;
  for (const dependencies of [manifest.peerDependencies, manifest.devDependencies])
    for (const name of Object.keys(dependencies)) {
      const range = name.startsWith('@kd/') ? ranges[name] : undefined;
      if (range !== undefined) dependencies[name] = range;
    }
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
