import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { KdError } from '@kd/core';

/** The SHA-256 of bytes. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The bytes of a typed array. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Reads a file whose digest is known; throws `KD_FILE_READ` if it is missing or another one. */
export async function readDigested(file: string, digest: string): Promise<ArrayBuffer> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw damaged(file, 'a file that cannot be read', cause);
  });
  if (digestOf(bytes) !== digest) throw damaged(file, `${String(bytes.length)} bytes that were altered`);
  return new Uint8Array(bytes).buffer;
}

/** The error for a file that is not as it was written. */
export function damaged(file: string, received: string, cause?: unknown): KdError {
  return new KdError({
    code: 'KD_FILE_READ',
    where: 'side-by-side',
    argument: JSON.stringify(file),
    expected: 'what an earlier run has written',
    received,
    remedy: 'Delete it, with the shapes.json beside it if there is one; they are made again.',
    cause,
  });
}
