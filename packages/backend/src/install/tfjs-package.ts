import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { KdError } from '@kd/core';
import { napiOf } from '../tensorflow/addon.js';
import type { AddonManifest } from '../tensorflow/addon.js';
import { where } from './where.js';
import type { TfjsPackageName } from '../tensorflow/tfjs-packages.js';

/** An installed tfjs-node or tfjs-node-gpu. */
export interface TfjsPackage {
  readonly name: TfjsPackageName;
  readonly version: string;
  readonly directory: string;
  /** The version of Node-API that it looks for its addon by, under this Node. */
  readonly napi: number;
}

/** The package as `directory` sees it. Throws `KD_PACKAGE_MISSING`. */
export function findTfjsPackage(name: TfjsPackageName, directory: string): TfjsPackage {
  const file = resolved(`${name}/package.json`, directory);
  if (file === undefined) throw missing(name, directory);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as AddonManifest & { readonly version: string };
  return { name, version: manifest.version, directory: dirname(file), napi: napiOf(manifest) };
}

function resolved(specifier: string, directory: string): string | undefined {
  try {
    return createRequire(join(directory, 'package.json')).resolve(specifier);
  } catch {
    return undefined;
  }
}

function missing(name: TfjsPackageName, directory: string): KdError {
  return new KdError({
    code: 'KD_PACKAGE_MISSING',
    where,
    argument: name,
    expected: `a package of ${JSON.stringify(directory)}`,
    received: 'none',
    remedy: `Install it without its own script: npm install --ignore-scripts ${name}`,
  });
}
