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
 * Extracts the needed files of a wheel below a directory.
 *
 * Throws `KD_FILE_READ` for a file that is damaged or not a wheel.
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
      expected: 'a complete wheel (a zip file)',
      received: String(cause),
      remedy: 'Run the same command again; the file is deleted and will be downloaded again.',
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

// The upper half holds the Unix attributes.
function modeOf({ externalFileAttributes }: Entry): number {
  return (externalFileAttributes >>> 16) & executable ? 0o755 : 0o644;
}

// Only the headers that the C API needs; the full set has 13,000 files.
const headers =
  /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|core\/common_runtime\/next_pluggable_device\/c|tsl)|tsl|xla\/tsl)\/.*\.h)$/;
const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
const metadata = /^tensorflow(?:_cpu)?-[^/]+\.dist-info\/(METADATA)$/;
// Besides its libraries, TensorFlow needs the CUDA tools that compile kernels for GPUs it has no kernels for.
const cuda = /^nvidia\/\w+\/lib\/[^/]+\.so[^/]*$|^nvidia\/cuda_nvcc\/(?:bin\/ptxas|nvvm\/libdevice\/[^/]+)$/;

/**
 * The path of a wheel's file below the installation directory; undefined for files that are not needed.
 *
 * TensorFlow looks for `../nvidia/<part>/lib` next to its own directory, as in Python's site-packages.
 */
export function placeOf(file: string): string | undefined {
  const [, name] = library.exec(file) ?? [];
  if (name !== undefined) return `deps/lib/${name}`;
  if (cuda.test(file) && !file.includes('.alt.so')) return `deps/${file}`;
  return headers.exec(file)?.[1] ?? metadata.exec(file)?.[1];
}
