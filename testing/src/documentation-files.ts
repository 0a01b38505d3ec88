import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf, type Block } from './documentation-blocks.js';

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The folder for the blocks: inside the repository, so that their imports resolve like those of its packages.
 */
export const blocksFolder: string = join(root, '.cache/documentation');

/** All `ts` blocks in the READMEs, the guides and the packages' doc comments. */
export function documentationBlocks(): Block[] {
  const files = [
    'README.md',
    ...filesUnder('packages').filter((file) => /^packages\/[^/]+\/(README\.md|src\/.*\.ts)$/.test(file)),
    ...filesUnder('examples').filter((file) => /^examples\/[^/]+\/README\.md$/.test(file)),
    ...filesUnder('docs').filter((file) => file.endsWith('.md')),
  ];
  return files
    .filter((file) => existsSync(join(root, file)) && !/\.test(-d)?\.ts$/.test(file))
    .flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')));
}

/** The file of a block; `README.md:12` becomes `README-12.ts`. */
export function fileOfBlock(block: Block): string {
  return join(blocksFolder, `${block.file.replace(/\.(md|ts)$/, '')}-${String(block.line)}.ts`);
}

/** Writes each block to its file, with a tsconfig.json next to them; removes the files of deleted blocks. */
export function writeBlocks(blocks: readonly Block[]): void {
  const files = new Map(blocks.map((block) => [fileOfBlock(block), numberedAsInSource(block)]));
  // An example may leave declarations unused and exports without explicit types.
  const compilerOptions = { types: ['node'], noUnusedLocals: false, isolatedDeclarations: false };
  files.set(
    join(blocksFolder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, include: ['**/*.ts'] }),
  );
  for (const [file, text] of files) writeIfChanged(file, text);
  for (const file of filesUnder('.cache/documentation')) {
    if (!files.has(join(root, file))) rmSync(join(root, file));
  }
}

/** Leading empty lines give each line of code its line number in the README, for compiler messages. */
function numberedAsInSource(block: Block): string {
  return '\n'.repeat(block.line - 1) + block.code;
}

/** Does not write unchanged files, so that two simultaneous test runs do not disturb each other. */
function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Paths from the root, with forward slashes, in a fixed order, without node_modules and dist. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : filesUnder(path);
      return entry.isFile() ? [path] : [];
    });
}
