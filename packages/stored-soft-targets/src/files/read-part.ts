import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accessFault, checkRegularFile, codeOf } from '@kd/files';
import { damaged } from './damaged.js';
import type { StoredFile } from './manifest.js';
import { decodeParquet } from './decode-parquet.js';
import type { ParquetTable } from './decode-parquet.js';

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The bytes of a regular file. */
export async function readBytes(file: string): Promise<Buffer> {
  await checkRegularFile(file);
  return readFile(file);
}

/**
 * Reads some or all columns of a file of a set, after comparing its length and checksum with the manifest.
 *
 * Rejects with `KD_TARGETS_DAMAGED`, naming the file, if it is missing, truncated or altered, and with
 * `KD_FILE_READ` if it cannot be read. So do the columns, if they are not as expected.
 */
export async function readPart(
  where: string,
  directory: string,
  stored: StoredFile,
  names?: readonly string[],
): Promise<ParquetTable> {
  const file = join(directory, stored.name);
  const bytes = await readBytes(file).catch((cause: unknown) => {
    if (codeOf(cause) !== 'ENOENT') throw accessFault(where, file, cause);
    throw damaged(where, file, 'present, because the manifest lists it', 'no such file', cause);
  });
  if (bytes.length !== stored.bytes) {
    throw damaged(where, file, `${String(stored.bytes)} bytes long`, `${String(bytes.length)} bytes`);
  }
  const sum = sha256(bytes);
  if (sum !== stored.sha256) throw damaged(where, file, `a file with the SHA-256 ${stored.sha256}`, sum);
  const orDamaged = <T>(expected: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      throw damaged(where, file, expected, String(cause), cause);
    }
  };
  const table = orDamaged('a Parquet file of soft targets', () => decodeParquet(bytes, names));
  const described = 'a file with the columns that the manifest describes';
  if (table.rows === stored.rows) {
    return {
      rows: table.rows,
      texts: (name) => orDamaged(described, () => table.texts(name)),
      floats: (name, lists) => orDamaged(described, () => table.floats(name, lists)),
      integers: (name, lists) => orDamaged(described, () => table.integers(name, lists)),
    };
  }
  throw damaged(where, file, `a file with ${String(stored.rows)} rows`, String(table.rows));
}
