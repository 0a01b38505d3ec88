import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conventions, describeValue } from '@kd/core';
import type { Convention } from '@kd/core';
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

/** How outputs are stored. */
export interface StoredValues {
  /** `float16`: rounded to float16 but in columns of float32, because Spark cannot read float16 columns. */
  readonly dtype: 'float32' | 'float16';
  /** Only this many of the largest outputs are stored, and the mass of the others. */
  readonly topK?: number;
}

/** What a set contains; the same in all its shards. */
export interface SetHeader {
  readonly formatVersion: 1;
  readonly teacher: { readonly fingerprint: string };
  readonly output: {
    readonly convention: Convention;
    readonly classes?: readonly string[];
    /** Shape of the output for one example. */
    readonly rowShape: readonly number[];
  };
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
  throw damaged(where, file, 'a manifest of soft targets of formatVersion 1', fault);
}

/** Replaces the manifest of a directory, for the run with this token. */
export async function writeManifest(directory: string, manifest: Manifest, token: string): Promise<void> {
  await replaceFile(join(directory, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`, token);
}

function faultOf(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null) return 'JSON, but no object';
  const { formatVersion, teacher, output, members, values, sealed, count, files, writing, shard } =
    content as Record<string, unknown>;
  if (formatVersion !== 1) return `formatVersion ${describeValue(formatVersion)}`;
  const { fingerprint } = Object(teacher) as { fingerprint?: unknown };
  const { convention, rowShape, classes } = Object(output) as Record<string, unknown>;
  const { dtype, topK } = Object(values) as { dtype?: unknown; topK?: unknown };
  const isShape = isRowShape(rowShape);
  const width = isShape ? rowShape.at(-1) : undefined;
  const checks = {
    'teacher.fingerprint': typeof fingerprint === 'string',
    'output.convention': typeof convention === 'string' && Object.hasOwn(conventions, convention),
    'output.rowShape': isShape,
    'output.classes': classes === undefined || areClasses(classes, width),
    members: Array.isArray(members) && areMembers(members),
    'values.dtype': dtype === 'float32' || dtype === 'float16',
    'values.topK':
      topK === undefined || (isWhole(topK, 1) && isShape && rowShape.length === 1 && topK < Number(width)),
    sealed: typeof sealed === 'boolean',
    count: isWhole(count),
    files: Array.isArray(files) && files.every(isStoredFile),
    writing: writing === undefined || isStoredFile(writing),
    shard: shard === undefined || isShard(shard),
  };
  const wrong = Object.entries(checks).find(([, right]) => !right);
  if (wrong !== undefined) return `a manifest whose ${wrong[0]} is missing or wrong`;
  const rows = (files as readonly StoredFile[]).reduce((sum, file) => sum + file.rows, 0);
  return rows === count
    ? undefined
    : `a manifest whose count is ${String(count)}, but whose files have ${String(rows)} rows`;
}

function isWhole(value: unknown, least = 0): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

function isRowShape(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every((size) => isWhole(size, 1))) return false;
  // More outputs than the largest list of a Parquet file.
  return value.reduce((product, size) => product * size, 1) < 2 ** 31;
}

function areClasses(value: unknown, count: number | undefined): boolean {
  return Array.isArray(value) && value.length === count && value.every((name) => typeof name === 'string');
}

function areMembers(members: readonly unknown[]): boolean {
  const weights = members.map((member) => (Object(member) as { weight?: unknown }).weight);
  if (!weights.every((weight): weight is number => typeof weight === 'number' && weight >= 0)) return false;
  return Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-5;
}

function isShard(value: unknown): boolean {
  const { index, count, complete, data } = Object(value) as Record<string, unknown>;
  if (!isWhole(index) || !isWhole(count) || index >= count || typeof complete !== 'boolean') return false;
  if (data === undefined) return true;
  const { count: examples, ids } = Object(data) as Record<string, unknown>;
  return isWhole(examples) && typeof ids === 'string';
}

function isStoredFile(value: unknown): boolean {
  const { name, rows, bytes, sha256 } = Object(value) as Record<string, unknown>;
  // We never write a name that leads out of the directory.
  const isName = typeof name === 'string' && /^(?:shard-\d+-of-\d+\/)?part-\d+\.parquet$/.test(name);
  return isName && isWhole(rows) && isWhole(bytes) && typeof sha256 === 'string';
}
