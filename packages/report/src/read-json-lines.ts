import { KdError, text } from '@kd/core';
import { accessFault, checkRegularFile, codeOf } from '@kd/files';
import type { TrainEvent } from '@kd/trainer';
import { readEvent } from './event.js';
import { jsonOf } from './json-of-line.js';
import { linesOf } from './lines.js';
import { withoutRepeats } from './without-repeats.js';

/** The events in a file. */
export interface StoredEvents {
  /** As if the training had never been killed. */
  readonly events: readonly TrainEvent[];
  /** The number of events left out because a resumed training reported them again. */
  readonly repeated: number;
  /** The last line, if it was cut off while it was written; undefined if the file is whole. */
  readonly damaged: string | undefined;
}

const where = 'readJsonLines';

/**
 * Reads the events of a training that `jsonLines` wrote.
 *
 * A last line that was cut off is left out and returned as `damaged`. Where a training was resumed from a
 * checkpoint, the events after that checkpoint are left out, because they happened again.
 *
 * @param file path of the file
 * @returns the events in order, and what was left out
 * @throws (rejects) `KD_OPTION_TYPE`; `KD_FILE_READ` if the file cannot be read; `KD_EVENTS_DAMAGED` if any
 *   line but the last is no event, or the last is JSON but no event
 *
 * @example
 * ```ts
 * import { jsonLines, readJsonLines } from '@kd/report/node';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const file = join(await mkdtemp(join(tmpdir(), 'kd-')), 'events.jsonl');
 * const onEvent = jsonLines(file); // for train(recipe, { onEvent })
 * onEvent({ type: 'end', stage: 0, reason: 'early', bestEpoch: 7 });
 * const { events } = await readJsonLines(file);
 * console.log(events);
 * // [ { type: 'end', stage: 0, reason: 'early', bestEpoch: 7 } ]
 * ```
 */
export async function readJsonLines(file: string): Promise<StoredEvents> {
  text.read({ where, argument: 'file' }, file);
  const events: TrainEvent[] = [];
  let damaged: string | undefined;
  let number = 0;
  try {
    await checkRegularFile(file);
    for await (const line of linesOf(file)) {
      if (damaged !== undefined)
        throw damagedLine(file, number, 'JSON', JSON.stringify(damaged.slice(0, 80)));
      number += 1;
      const value = line.isComplete ? jsonOf(line.text) : undefined;
      if (value === undefined) damaged = line.text;
      else events.push(eventOf(file, number, value));
    }
  } catch (error) {
    if (codeOf(error) === '' || KdError.isInstance(error)) throw error;
    throw accessFault(where, file, error);
  }
  const kept = withoutRepeats(events);
  return { events: kept, repeated: events.length - kept.length, damaged };
}

function eventOf(file: string, number: number, value: unknown): TrainEvent {
  try {
    return readEvent({ where, argument: 'event' }, value);
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    const { argument, expected, received } = error;
    throw damagedLine(file, number, `an event whose ${argument} is ${expected}`, received, error);
  }
}

function damagedLine(
  file: string,
  line: number,
  expected: string,
  received: string,
  cause?: unknown,
): KdError {
  return new KdError({
    code: 'KD_EVENTS_DAMAGED',
    where,
    argument: `line ${String(line)} of ${JSON.stringify(file)}`,
    expected,
    received,
    remedy: 'Remove the line, or read the file with the version of @kd/report that wrote it.',
    cause,
  });
}
