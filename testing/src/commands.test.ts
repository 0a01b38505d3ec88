import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesUnder, root } from './documentation-files.js';

const folders = [
  '.changeset',
  'benchmarks',
  'datasets',
  'docs',
  'examples',
  'packages',
  'scripts',
  'testing',
];
const isText = (file: string): boolean => /\.(md|ts|js|mjs|json|ya?ml|sh|py)$/.test(file);

/** The commands of the packages; anybody can register a package with a command's bare name. */
const commands = readdirSync(join(root, 'packages')).flatMap((folder) => {
  const text = readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8');
  return Object.keys((JSON.parse(text) as { readonly bin?: Record<string, string> }).bin ?? {});
});

it('advises commands by their package name, never by a bare name that anybody can register', () => {
  expect(commands.length).toBeGreaterThan(0);
  const bare = new RegExp(
    `(?<!@kd/)\\b(?:${commands.join('|')}) (?:--?)?[a-z]+|npx (?:--?\\S+ )*(?:${commands.join('|')}|kd-)`,
  );
  const files = [...folders.flatMap(filesUnder).filter(isText), 'README.md', 'CONTRIBUTING.md'];
  const advising = files.filter((file) => bare.test(readFileSync(join(root, file), 'utf8')));
  expect(advising).toEqual([]);
});
