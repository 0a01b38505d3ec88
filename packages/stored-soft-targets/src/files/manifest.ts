import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conventions, describeValue } from '@kd/core';
import type { Convention, Tap } from '@kd/core';
import type { Shard } from '../shard.js';
import { accessFault, checkRegularFile, codeOf, replaceFile } from '@kd/files';
import { damaged } from './damaged.js';

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
  /** Shape for one example. */
  readonly rowShape: readonly number[];
  /** Only this many of the largest numbers at each position are stored, and the mass of the others. */
  readonly topK?: number;
  /** `int32` for values that the teacher gives in this type; absent otherwise. */
  readonly type?: 'int32';
}

/** A value inside the teacher. */
export interface StoredTap {
  readonly tap: Tap;
  /** Shape for one example. */
  readonly rowShape: readonly number[];
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
  readonly formatVersion: 2;
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
  throw damaged(where, file, 'a manifest of soft targets of formatVersion 2', fault);
}

/** Replaces the manifest of a directory, for the run with this token. */
export async function writeManifest(directory: string, manifest: Manifest, token: string): Promise<void> {
  await replaceFile(join(directory, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`, token);
}

function faultOf(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null) return 'JSON, but no object';
  const { formatVersion, teacher, outputs, taps, members, values, sealed, count, files, writing } =
    content as Record<string, unknown>;
  if (formatVersion !== 2) return `formatVersion ${describeValue(formatVersion)}`;
  const { fingerprint } = Object(teacher) as { fingerprint?: unknown };
  const { dtype } = Object(values) as { dtype?: unknown };
  const stored = Object.values(Object(outputs) as object);
  const checks = {
    'teacher.fingerprint': typeof fingerprint === 'string',
    outputs: typeof outputs === 'object' && stored.every(isStoredOutput),
    taps: taps === undefined || (Array.isArray(taps) && taps.every(isStoredTap)),
    members: Array.isArray(members) && (members.length > 0 || stored.length === 0) && members.every(isMember),
    'values.dtype': dtype === 'float32' || dtype === 'float16',
    sealed: typeof sealed === 'boolean',
    count: isWhole(count),
    files: Array.isArray(files) && files.every(isStoredFile),
    writing: writing === undefined || isStoredFile(writing),
  };
  const wrong = Object.entries(checks).find(([, right]) => !right);
  if (wrong !== undefined) return `a manifest whose ${wrong[0]} is missing or wrong`;
  const rows = (files as readonly StoredFile[]).reduce((sum, file) => sum + file.rows, 0);
  return rows === count
    ? undefined
    : `a manifest whose count is ${String(count)}, but whose files have ${String(rows)} rows`;
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isStoredOutput(value: unknown): boolean {
  const { convention, topK } = Object(value) as { convention?: unknown; topK?: unknown };
  const isKnown = typeof convention === 'string' && Object.hasOwn(conventions, convention);
  return isKnown && (topK === undefined || isWhole(topK)) && hasRowShape(value);
}

function isStoredTap(value: unknown): boolean {
  const { tap } = Object(value) as { tap?: unknown };
  const { layer } = Object(tap) as { layer?: unknown };
  return (typeof tap === 'string' || typeof layer === 'string') && hasRowShape(value);
}

function hasRowShape(value: unknown): boolean {
  const { rowShape, type } = Object(value) as { rowShape?: unknown; type?: unknown };
  return Array.isArray(rowShape) && rowShape.every(isWhole) && (type === undefined || type === 'int32');
}

function isMember(value: unknown): boolean {
  return typeof (Object(value) as { weight?: unknown }).weight === 'number';
}

function isStoredFile(value: unknown): boolean {
  const { name, rows, bytes, sha256 } = Object(value) as Record<string, unknown>;
  // We never write a name that leads out of the directory.
  const isName = typeof name === 'string' && /^(?:shard-\d+-of-\d+\/)?part-\d+\.parquet$/.test(name);
  return isName && typeof rows === 'number' && typeof bytes === 'number' && typeof sha256 === 'string';
}
