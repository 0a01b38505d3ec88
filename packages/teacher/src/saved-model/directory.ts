import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a directory's files, their names and the options, in hexadecimal. */
export async function fingerprintOfDirectory(directory: string, asked: readonly string[]): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
  const hash = sha256.create().update(utf8ToBytes(JSON.stringify(asked)));
  for (const path of paths) {
    hash.update(utf8ToBytes(JSON.stringify(path.split(sep))));
    for await (const chunk of createReadStream(join(directory, path))) hash.update(chunk as Uint8Array);
  }
  return bytesToHex(hash.digest());
}
