import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { codeOf } from '@kd/files';
import { fault } from '../faults.js';

const executable = 0o111;

/**
 * Writes the files of a wheel that are needed to their places below a directory.
 *
 * Throws `KD_FILE_READ` for a file that is no wheel or damaged.
 */
export async function unpackWheel(
  wheel: string,
  directory: string,
  advance: (share: number) => void,
): Promise<void> {
  try {
    await unpack(wheel, directory, advance);
  } catch (cause) {
    if (codeOf(cause).startsWith('E')) throw cause;
    throw fault({
      code: 'KD_FILE_READ',
      argument: basename(wheel),
      expected: 'a complete wheel, which is a zip file',
      received: String(cause),
      remedy: 'It is deleted; run the same command, which downloads it again.',
      cause,
    });
  }
}

async function unpack(wheel: string, directory: string, advance: (share: number) => void): Promise<void> {
  const zip = await openPromise(wheel, { lazyEntries: true, autoClose: false });
  try {
    const wanted = await neededEntries(zip);
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let written = 0;
    for (const { entry, place } of wanted) {
      const target = join(directory, place);
      await mkdir(dirname(target), { recursive: true, mode: 0o755 });
      const content = await zip.openReadStreamPromise(entry);
      content.on('data', (chunk: Buffer) => {
        written += chunk.length;
        advance(written / total);
      });
      await pipeline(content, createWriteStream(target, { mode: modeOf(entry) }));
    }
  } finally {
    zip.close();
  }
}

async function neededEntries(zip: ZipFile): Promise<{ entry: Entry; place: string }[]> {
  const wanted: { entry: Entry; place: string }[] = [];
  for await (const entry of zip.eachEntry()) {
    const place = placeOf(entry.fileName);
    if (place !== undefined) wanted.push({ entry, place });
  }
  return wanted;
}

// The upper half are the attributes of Unix.
function modeOf({ externalFileAttributes }: Entry): number {
  return (externalFileAttributes >>> 16) & executable ? 0o755 : 0o644;
}

// The headers that the C API needs; all of them would be 13,000 files.
const headers = /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl)|tsl|xla\/tsl)\/.*\.h)$/;
const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
const metadata = /^tensorflow(?:_cpu)?-[^/]+\.dist-info\/(METADATA)$/;
// Beside its libraries TensorFlow takes from CUDA what compiles kernels for a GPU that it has none for.
const cuda = /^nvidia\/\w+\/lib\/[^/]+\.so[^/]*$|^nvidia\/cuda_nvcc\/(?:bin\/ptxas|nvvm\/libdevice\/[^/]+)$/;

/**
 * The path that a file of a wheel gets below the directory of an installation; undefined for one that is not needed.
 *
 * TensorFlow looks for `../nvidia/<part>/lib` beside its own directory, as in Python's site-packages.
 */
export function placeOf(file: string): string | undefined {
  const [, name] = library.exec(file) ?? [];
  if (name !== undefined) return `deps/lib/${name}`;
  if (cuda.test(file) && !file.includes('.alt.so')) return `deps/${file}`;
  return headers.exec(file)?.[1] ?? metadata.exec(file)?.[1];
}
