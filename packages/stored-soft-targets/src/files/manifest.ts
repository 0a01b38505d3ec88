import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Convention, Tap } from '@kd/core';
import type { Shard } from '../shard.js';
import { accessFault, checkRegularFile, codeOf, replaceFile } from '@kd/files';
import { damaged } from './damaged.js';
import { faultOf } from './manifest-fault.js';
import type { RowShape } from './row-shape.js';

/** One Parquet file of a set. */
export interface StoredFile {
  /** Path from the directory of the manifest, with forward slashes. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of the file in hexadecimal. */
  readonly sha256: string;
}

/** An output of the teacher. */
export interface StoredOutput {
  readonly convention: Convention;
  readonly classes?: readonly string[];
  readonly rowShape: RowShape;
  /** Only this many of the largest numbers at each position are stored, and the mass of the others. */
  readonly topK?: number;
  /** `int32` for values that the teacher gives in this type; absent otherwise. */
  readonly type?: 'int32';
}

/** A value inside the teacher. */
export interface StoredTap {
  readonly tap: Tap;
  readonly rowShape: RowShape;
  readonly activation?: string;
  readonly type?: 'int32';
}

/** How numbers are stored. */
export interface StoredValues {
  /** `float16`: rounded to float16 but in columns of float32, because Spark cannot read float16 columns. */
  readonly dtype: 'float32' | 'float16';
}

/** What a set contains; the same in all its shards. */
export interface SetHeader {
  /** 3 with sequences, otherwise 2. */
  readonly formatVersion: 2 | 3;
  readonly teacher: { readonly fingerprint: string };
  /** By name, at least one unless there are taps. */
  readonly outputs: Readonly<Record<string, StoredOutput>>;
  /** Absent if none are stored. */
  readonly taps?: readonly StoredTap[];
  /** The members of the teacher, in order; exactly one unless the teacher is an ensemble. */
  readonly members: readonly { readonly weight: number }[];
  readonly values: StoredValues;
}

/** The file manifest.json of a set or of a shard. */
export interface Manifest extends SetHeader {
  /** Whether all targets of the data are stored. */
  readonly sealed: boolean;
  /** Number of examples. */
  readonly count: number;
  readonly files: readonly StoredFile[];
  /**
   * The file to be written next, noted before it exists: it identifies a file that a killed run left. Absent
   * in a finished set.
   */
  readonly writing?: StoredFile;
  /** Only in the directory of a shard. */
  readonly shard?: Shard & {
    /** Whether all targets of the shard are stored. */
    readonly complete: boolean;
    /**
     * The whole data set of which the shards are parts: its number of examples, and the SHA-256 of its ids in
     * order.
     */
    readonly data?: { readonly count: number; readonly ids: string };
  };
}

/** The header of a set, without the files and state of a manifest. */
export function headerPart({ formatVersion, teacher, outputs, taps, members, values }: SetHeader): SetHeader {
  return { formatVersion, teacher, outputs, ...(taps && { taps }), members, values };
}

/** File name of the manifest. */
export const manifestName = 'manifest.json';

/** Reads the manifest of a directory; undefined if there is none. */
export async function readManifest(where: string, directory: string): Promise<Manifest | undefined> {
  const file = join(directory, manifestName);
  let text: string;
  try {
    await checkRegularFile(file);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw accessFault(where, file, cause);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw damaged(where, file, 'JSON', text === '' ? 'an empty file' : 'text that is not JSON', cause);
  }
  const fault = faultOf(content);
  if (fault === undefined) return content as Manifest;
  throw damaged(where, file, 'a manifest of soft targets of formatVersion 2 or 3', fault);
}

/** Replaces the manifest of a directory, for the run with this token. */
export async function writeManifest(directory: string, manifest: Manifest, token: string): Promise<void> {
  await replaceFile(join(directory, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`, token);
}
