// The entries of the published packages, as their package.json lists them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** `@kd/trainer`, `@kd/trainer/node`, ... */
export function publicEntries(): string[] {
  return readdirSync(packages).flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(`${packages}${folder}/package.json`, 'utf8')) as Manifest;
    return Object.keys(manifest.exports ?? {})
      .filter((entry) => entry !== './package.json')
      .map((entry) => manifest.name + entry.slice(1));
  });
}

/** The functions and classes of an entry, by name. */
export async function exportedFunctions(entry: string): Promise<ReadonlyMap<string, object>> {
  const exported = Object.entries((await import(entry)) as Readonly<Record<string, unknown>>);
  return new Map(exported.filter((each): each is [string, object] => typeof each[1] === 'function'));
}
