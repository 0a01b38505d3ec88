import { join } from 'node:path';
import { KdError } from '@kd/core';
import { replaceFile } from '@kd/files';
import { headerPart, writeManifest } from '../files/manifest.js';
import type { Manifest, SetHeader, StoredFile } from '../files/manifest.js';
import { isPartName, partName } from '../files/names.js';
import { sha256 } from '../files/read-part.js';
import type { Shard } from '../shard.js';
import type { Answer } from './ask.js';
import { headerOf } from './header.js';
import type { HeaderOfTeacher } from './header.js';
import { checkSameHeader } from './same-header.js';
import { where } from './options.js';
import { partBuffer } from './part-buffer.js';
import type { PartBuffer } from './part-buffer.js';

/** Writes the files of a set or of a shard. */
export interface SetWriter {
  /** Examples in files. */
  readonly stored: () => number;
  /** Adds rows of an answer and writes each full file. */
  readonly add: (rows: readonly NewRow[], answer: Answer) => Promise<void>;
  /** Writes the remaining rows, and marks the set as complete. */
  readonly seal: (data: { readonly count: number; readonly ids: string }) => Promise<Manifest>;
}

/** An example of a batch. */
export interface NewRow {
  readonly row: number;
  readonly id: string;
  readonly input: number;
}

/** What a writer needs in addition to the set. */
export interface WriterOptions {
  readonly shard: Shard | undefined;
  readonly rowsPerFile: number | undefined;
  /** The token of the run that holds the lock. */
  readonly token: string;
}

/** A writer that continues the set in a directory. */
export function setWriter(
  directory: string,
  there: Manifest | undefined,
  header: HeaderOfTeacher,
  { shard, rowsPerFile, token }: WriterOptions,
): SetWriter {
  let files: readonly StoredFile[] = there?.files ?? [];
  let whole: SetHeader | undefined = there;
  let buffer: PartBuffer | undefined;
  let number = files.filter(({ name }) => isPartName(name)).length;
  const manifestOf = (set: SetHeader, end: Pick<Manifest, 'sealed' | 'shard' | 'writing'>): Manifest => {
    const count = files.reduce((sum, { rows }) => sum + rows, 0);
    return { ...headerPart(set), ...end, count, files };
  };
  const writePart = async (set: SetHeader, part: PartBuffer): Promise<void> => {
    const rows = part.rows();
    const bytes = part.take();
    const file = { name: partName(number), rows, bytes: bytes.length, sha256: sha256(bytes) };
    const unfinished = {
      sealed: false,
      ...(shard === undefined ? {} : { shard: { ...shard, complete: false } }),
    };
    // Note, write, list: the manifest lists only existing files, and knows every file that exists. If the
    // process ends in between, the file is written again.
    await writeManifest(directory, manifestOf(set, { ...unfinished, writing: file }), token);
    await replaceFile(join(directory, file.name), bytes, token);
    number += 1;
    files = [...files, file];
    await writeManifest(directory, manifestOf(set, unfinished), token);
  };
  return {
    stored: () => files.reduce((sum, { rows }) => sum + rows, 0),
    add: async (rows, answer) => {
      const set = headerOf(header, answer);
      if (whole === undefined) whole = set;
      else checkSameHeader(directory, whole, set);
      if (there?.shard?.complete === true) throw complete(directory);
      buffer ??= partBuffer(set, rowsPerFile);
      for (const { row, id, input } of rows) {
        buffer.add(id, input, answer, row);
        if (buffer.isFull()) await writePart(set, buffer);
      }
    },
    seal: async (data) => {
      const set = whole as SetHeader;
      if (buffer !== undefined && buffer.rows() > 0) await writePart(set, buffer);
      const end =
        shard === undefined ? { sealed: true } : { sealed: false, shard: { ...shard, complete: true, data } };
      const manifest = manifestOf(set, end);
      await writeManifest(directory, manifest, token);
      return manifest;
    },
  };
}

function complete(directory: string): KdError {
  return new KdError({
    code: 'KD_TARGETS_MISMATCH',
    where,
    argument: 'options.data',
    expected: `the data to which the complete shard in ${JSON.stringify(directory)} belongs`,
    received: 'data with examples that the shard lacks',
    remedy: 'Store additional data in another directory: all shards of a set divide the same data.',
  });
}
