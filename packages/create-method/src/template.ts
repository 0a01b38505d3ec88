import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withVersions } from './manifest.js';
import type { Names } from './names.js';

/** What a method compares; each has a folder in `templates`. */
export const kinds = ['features', 'logits', 'module'] as const;

/** What a method compares. */
export type Kind = (typeof kinds)[number];

/** The files of a package by their paths from its folder, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

// npm does not publish a .gitignore, and for some bundlers a package.json makes a package of its folder.
const targets: Readonly<Record<string, string>> = {
  gitignore: '.gitignore',
  'manifest.json': 'package.json',
};

const templates = fileURLToPath(new URL('../templates/', import.meta.url));

/** The files of the template for a kind of method, with the names of the template. */
export async function templateOf(kind: Kind): Promise<Files> {
  const parts = await Promise.all(['common', kind].map((folder) => filesIn(join(templates, folder))));
  return new Map(parts.flat().sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same files, as those of a package with these names. */
export function filled(template: Files, names: Names): Files {
  const rename = (text: string): string =>
    text
      .replaceAll('@author/my-method', names.package)
      .replaceAll('my-method', names.method)
      .replaceAll('myMethod', names.camel)
      .replaceAll('MyMethod', names.pascal)
      .replaceAll('my method', names.words);
  return new Map(
    [...template].map(([path, text]) => {
      const target = targets[path] ?? rename(path);
      const renamed = rename(text).replace('(c) YEAR', `(c) ${String(new Date().getFullYear())}`);
      return [target, target === 'package.json' ? withVersions(renamed) : renamed];
    }),
  );
}

async function filesIn(folder: string): Promise<[path: string, text: string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => [relative(folder, file).replaceAll(sep, '/'), await readFile(file, 'utf8')]),
  );
}
