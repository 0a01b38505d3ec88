import { open } from 'node:fs/promises';
import { accessFault, readFault } from '../file-faults.js';
import { notAModel } from './not-a-model.js';

/** A file and its length in bytes. */
export interface SizedFile {
  readonly file: string;
  readonly size: number;
}

/**
 * Reads files one after the other into buffers of `limit` bytes; the last buffer may be smaller.
 *
 * Buffers must be cut independently of the files: if the last buffer is the longest or the first is empty,
 * tfjs 4.22 silently reads zeros in place of the weights.
 */
export async function readConcatenated(
  where: string,
  files: readonly SizedFile[],
  limit: number,
): Promise<ArrayBuffer[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const buffers: ArrayBuffer[] = [];
  for (let start = 0; start < total; start += limit) {
    buffers.push(new ArrayBuffer(Math.min(limit, total - start)));
  }
  let start = 0;
  for (const { file, size } of files) {
    await fill(where, file, windows(buffers, limit, { start, end: start + size }));
    start += size;
  }
  return buffers;
}

/** Views of the bytes from `start` to `end`, across buffers of `limit` bytes each. */
function windows(
  buffers: readonly ArrayBuffer[],
  limit: number,
  { start, end }: { start: number; end: number },
): Uint8Array[] {
  return buffers.flatMap((buffer, index) => {
    const from = Math.max(start - index * limit, 0);
    const to = Math.min(end - index * limit, buffer.byteLength);
    return from < to ? [new Uint8Array(buffer, from, to - from)] : [];
  });
}

async function fill(where: string, file: string, views: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw accessFault(where, file, cause, notAModel);
  });
  try {
    for (const view of views) {
      for (let filled = 0; filled < view.length;) {
        const { bytesRead } = await handle
          .read(view, filled, view.length - filled)
          .catch((cause: unknown) => {
            throw accessFault(where, file, cause, notAModel);
          });
        if (bytesRead === 0) {
          throw readFault(where, file, {
            expected: 'unchanged while it is read',
            received: 'a file that became shorter',
            remedy: 'Save the model again.',
          });
        }
        filled += bytesRead;
      }
    }
  } finally {
    await handle.close();
  }
}
