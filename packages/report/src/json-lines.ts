import { fstatSync, ftruncateSync, mkdirSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KdError, text } from '@kd/core';
import { withWriteFaultsSync } from '@kd/files';
import type { TrainEvent } from '@kd/trainer';
import { anEvent } from './event.js';
import { lineOf } from './numbers-in-json.js';
import { cutToWholeLines, isOwnFile, opened } from './whole-lines.js';

const where = 'jsonLines';

/**
 * Appends each event of a training to a file, as one line of JSON.
 *
 * NaN and the infinities are written as the texts `"NaN"`, `"Infinity"` and `"-Infinity"`. Each line is in
 * the hands of the operating system before the training continues, so it survives `kill -9`, though not a
 * power failure. A line that a killed process has left incomplete is removed. A resumed training appends to
 * the same file; `readJsonLines` leaves out what was reported twice.
 *
 * @param file path of the file; it and its directory are created if missing. One file for each training.
 * @returns a handler for the option `onEvent` of `train`, `trainStages` and `trainInTwoStages`
 * @throws `KD_OPTION_TYPE`; `KD_FILE_FOREIGN` if the file holds anything else; here and in the handler, which
 *   ends the training, `KD_DISK_FULL` and `KD_FILE_WRITE`
 *
 * @example
 * ```ts
 * import { jsonLines } from '@kd/report/node';
 * import { mkdtemp, readFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const file = join(await mkdtemp(join(tmpdir(), 'kd-')), 'events.jsonl');
 * const onEvent = jsonLines(file); // for train(recipe, { onEvent })
 * onEvent({ type: 'end', stage: 0, reason: 'finished', bestEpoch: 2 });
 * console.log((await readFile(file, 'utf8')).trim());
 * // {"type":"end","stage":0,"reason":"finished","bestEpoch":2}
 * ```
 */
export function jsonLines(file: string): (event: TrainEvent) => void {
  text.read({ where, argument: 'file' }, file);
  // A later change of the working directory must not move the file.
  const path = resolve(file);
  const expected = 'the path of a file that can be written';
  const kept = 'the events so far are kept';
  const place = { where, argument: 'file', directory: path, expected, kept };
  withWriteFaultsSync(place, () => {
    mkdirSync(dirname(path), { recursive: true });
    if (!isOwnFile(path)) throw foreign(path);
    opened(path, 'a', () => undefined);
    cutToWholeLines(path);
  });
  return (event) => {
    const { type, ...others } = anEvent.read({ where, argument: 'event' }, event);
    // The type first: files are told by how they begin.
    const line = Buffer.from(lineOf({ type, ...others }));
    withWriteFaultsSync(place, () => {
      append(path, line);
    });
  };
}

/** Appends a line completely or not at all. */
function append(path: string, line: Buffer): void {
  opened(path, 'a', (handle) => {
    const { size } = fstatSync(handle);
    try {
      for (let done = 0; done < line.length;) done += writeSync(handle, line, done);
    } catch (error) {
      ftruncateSync(handle, size);
      throw error;
    }
  });
}

function foreign(path: string): KdError {
  return new KdError({
    code: 'KD_FILE_FOREIGN',
    where,
    argument: 'file',
    expected: 'new, or a file that jsonLines wrote',
    received: `${JSON.stringify(path)}, which begins differently`,
    remedy: 'Choose another path, or move the file away.',
  });
}
