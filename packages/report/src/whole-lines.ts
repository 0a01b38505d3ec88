import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';
import { jsonOf } from './json-of-line.js';

// Far longer than any event.
const longestLine = 2 ** 20;

/** Whether a file is new, empty, or begins like the files of this package. */
export function isOwnFile(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return true;
  // To open a pipe may wait for ever. A directory fails at once.
  if (!found.isFile() && !found.isDirectory())
    throw Object.assign(new Error(`${JSON.stringify(file)} is not a regular file`), { code: 'EFTYPE' });
  return opened(file, 'r', (handle) => {
    const begins = '{"type":"';
    const head = bytesOf(handle, 0, begins.length).toString('latin1');
    return begins.startsWith(head);
  });
}

/** Cuts off a last line that is incomplete because the writing process was killed. */
export function cutToWholeLines(file: string): void {
  opened(file, 'r+', (handle) => {
    const { size } = fstatSync(handle);
    const from = Math.max(0, size - longestLine);
    const tail = bytesOf(handle, from, size - from);
    const end = tail.lastIndexOf(0x0a) + 1;
    // After a power failure, a line may be complete and yet have lost its bytes.
    const start = end === 0 ? 0 : tail.lastIndexOf(0x0a, end - 2) + 1;
    const isWhole = end > 0 && jsonOf(tail.toString('utf8', start, end)) !== undefined;
    const kept = from + (isWhole ? end : start);
    if (kept < size) ftruncateSync(handle, kept);
  });
}

export function opened<T>(file: string, flags: string, use: (handle: number) => T): T {
  const handle = openSync(file, flags);
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

function bytesOf(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  for (let read = -1; read !== 0 && done < length; done += read)
    read = readSync(handle, bytes, done, length - done, position + done);
  return bytes.subarray(0, done);
}
