import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** The part of tfjs-node's package.json that describes its addon. */
export interface AddonManifest {
  readonly binary: { readonly napi_versions: readonly number[] };
}

/** The newest version of Node-API that both the package and Node support. */
export function napiOf({ binary }: AddonManifest, ofNode: number = Number(process.versions['napi'])): number {
  return Math.max(...binary.napi_versions.filter((known) => known <= ofNode));
}

/** The path of tfjs-node's addon for a version of Node-API, relative to its own directory. */
export function addonPath(napi: number): string {
  return join('lib', `napi-v${String(napi)}`, 'tfjs_binding.node');
}

/**
 * Whether a package of tfjs-node is installed but its addon is not built.
 *
 * Importing it in that state would load the union package of tfjs, which registers two other backends, and
 * then fail.
 */
export function lacksAddon(name: string): boolean {
  const file = packageFile(name);
  if (file === undefined) return false;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as AddonManifest;
  return !existsSync(join(dirname(file), addonPath(napiOf(manifest))));
}

function packageFile(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
}
