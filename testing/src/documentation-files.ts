import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf, type Block } from './documentation-blocks.js';

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** Where the blocks are written: inside the repository, so that their imports resolve as those of its packages do. */
export const blocksFolder: string = join(root, '.cache/documentation');

/** All `ts` blocks of the READMEs, of the guides and of the doc comments of the packages. */
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

/** Writes each block to its file, and a tsconfig.json beside them; removes the files of blocks that are gone. */
export function writeBlocks(blocks: readonly Block[]): void {
  const files = new Map(blocks.map((block) => [fileOfBlock(block), numberedAsInSource(block)]));
  // An example may leave what it shows unused, and what it exports without a written type.
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

/** Empty lines in front give a line of code its number in the README, for the messages of the compiler. */
function numberedAsInSource(block: Block): string {
  return '\n'.repeat(block.line - 1) + block.code;
}

/** An unchanged file stays as it is, so that two test runs at once do not disturb each other. */
function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Paths from the root, with forward slashes, in a fixed order; nothing of node_modules or dist. */
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
