import { existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Folders with `node_modules`, the innermost first. */
export type Roots = readonly string[];

/**
 * Copies packages and what they depend on into `to/node_modules`, without what only other platforms,
 * compilers and browsers read.
 */
export async function copyPackages(names: readonly string[], roots: Roots, to: string): Promise<void> {
  const waiting = names.map((name) => ({ name, from: roots[0] ?? '.' }));
  const done = new Set<string>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const folder = folderOf(next.name, [next.from, ...roots]);
    if (done.has(folder)) continue;
    done.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const keeps = (path: string): boolean =>
      path === folder || isNeeded(manifest, relative(folder, path).replaceAll(sep, '/'));
    const places = roots.map((root) => relative(root, folder));
    const place = places.find((path) => !path.startsWith('..')) ?? join('node_modules', next.name);
    await cp(folder, join(to, place), { recursive: true, filter: keeps });
    const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => !isOfTypes(name));
    waiting.push(...needed.map((name) => ({ name, from: folder })));
  }
}

/** Where Node finds a package from the folders, the nearest first. */
function folderOf(name: string, from: readonly string[]): string {
  for (const start of from) {
    for (let folder = start; ; folder = dirname(folder)) {
      const found = join(folder, 'node_modules', name);
      if (existsSync(join(found, 'package.json'))) return found;
      if (folder === dirname(folder)) break;
    }
  }
  throw new Error(`${name} is not installed`);
}

function isOfTypes(name: string): boolean {
  return name.startsWith('@types/') || name === '@webgpu/types';
}

/** Whether a file or folder of a package is needed under Node on 64-bit Linux. */
export function isNeeded({ name, main = 'index.js' }: Manifest, path: string): boolean {
  if (path === 'node_modules' || /\.(map|ts|md)$/.test(path)) return /^licen[cs]e/i.test(path);
  if (name === 'webgpu') return !/^(build|dist\/(?!linux-x64))/.test(path);
  // Their main files hold all of their code.
  const isTfjs = name.startsWith('@tensorflow/');
  if (isTfjs && path.startsWith('dist')) return path === 'dist' || path === main;
  return !isTfjs || /^(package\.json$|licen[cs]e|wasm-out)/i.test(path);
}
