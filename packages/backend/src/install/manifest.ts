import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Counts up when what is built, or how, changes.
const format = 2;
const file = 'manifest.json';

interface Manifest {
  readonly format: number;
  /** The bytes of each file of the entry, by path. */
  readonly files: Readonly<Record<string, number>>;
}

/** Writes down what an entry of the cache holds; the last thing that is written into one. */
export async function writeManifest(directory: string): Promise<void> {
  const files: Record<string, number> = {};
  for (const path of (await readdir(directory, { recursive: true })).sort()) {
    const found = await stat(join(directory, path));
    if (found.isFile()) files[path] = found.size;
  }
  await writeFile(join(directory, file), JSON.stringify({ format, files } satisfies Manifest, undefined, 2));
}

/** Whether an entry of the cache is there, of this format, and has every file in its full length. */
export async function isWhole(directory: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(join(directory, file), 'utf8')) as Manifest;
    if (manifest.format !== format) return false;
    const present = Object.entries(manifest.files).map(
      async ([path, size]) => (await stat(join(directory, path))).size === size,
    );
    return (await Promise.all(present)).every(Boolean);
  } catch {
    return false;
  }
}
