import type { InstallOptions } from './install-options.js';
import type { Platform } from './platform.js';
import type { TfjsPackage } from './tfjs-package.js';

/** The name of an entry of the cache: everything that decides what is in it. */
export function cacheEntry(
  { name, version, napi }: TfjsPackage,
  { gpu, tensorflow }: Pick<InstallOptions, 'gpu' | 'tensorflow'>,
  { system, processor }: Platform,
): string {
  const tfjs = name.slice(name.indexOf('/') + 1);
  const variant = gpu ? 'gpu' : 'cpu';
  return `${tfjs}-${version}-tensorflow-${tensorflow}-${variant}-napi-v${String(napi)}-${system}-${processor}`;
}
