import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { startScript } from '@kd/testing/run-script';
import type { TrainEvent } from '@kd/trainer';
import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../test/events.js';
import { withFile } from '../test/folder.js';
import { jsonLines, readJsonLines } from './node.js';

const events: readonly TrainEvent[] = [
  start({ name: 'NaN', stepsPerEpoch: undefined }),
  { type: 'compile', stage: 0, step: 0, compiled: true, reason: undefined },
  step(0, { losses: { 'a\u2028"b"\n': NaN }, gradientNorm: Infinity, total: -Infinity }),
  step(1, { secondsLeft: 1.5 }),
  epoch(0),
  end({ bestEpoch: undefined }),
];
const written = (file: string, some: readonly TrainEvent[] = events): void => {
  some.forEach(jsonLines(file));
};

describe('jsonLines', () => {
  it('writes a line for each event, from which readJsonLines gives the same events', () =>
    withFile(async (file) => {
      written(file);
      const lines = (await readFile(file, 'utf8')).split('\n');
      expect(lines).toHaveLength(events.length + 1);
      expect(JSON.parse(lines[2] ?? '')).toMatchObject({ gradientNorm: 'Infinity', total: '-Infinity' });
      expect(await readJsonLines(file)).toStrictEqual({ events, repeated: 0, damaged: undefined });
    }));

  it('makes the directory, and appends what a resumed training reports', () =>
    withFile(async (folder) => {
      const file = join(folder, 'new', 'events.jsonl');
      written(file, [start(), step(0), step(1)]);
      written(file, [start({ step: 1 }), step(1, { total: 0 }), end()]);
      const { events: seen, repeated } = await readJsonLines(file);
      expect(seen).toEqual([start(), step(0), step(1, { total: 0 }), end()]);
      expect(repeated).toBe(2);
    }));

  it('removes a last line that was cut off anywhere, and then appends', () =>
    withFile(async (file) => {
      written(file);
      const all = await readFile(file);
      const begin = all.lastIndexOf('\n', all.length - 2) + 1;
      for (let size = begin; size < all.length; size += 1) {
        await writeFile(file, all);
        await truncate(file, size);
        const { events: seen, damaged } = await readJsonLines(file);
        expect(seen).toEqual(events.slice(0, -1));
        expect(damaged).toBe(size === begin ? undefined : all.toString('utf8', begin, size));
        jsonLines(file)(end());
        expect((await readJsonLines(file)).events).toEqual([...events.slice(0, -1), end()]);
      }
    }));

  it('removes a last line that lost its bytes, and a file’s only line', () =>
    withFile(async (file) => {
      written(file);
      await appendFile(file, '\0\0\0\n');
      expect(await readJsonLines(file)).toStrictEqual({ events, repeated: 0, damaged: '\0\0\0' });
      jsonLines(file);
      expect((await readJsonLines(file)).damaged).toBe(undefined);
      await writeFile(file, '{"typ');
      jsonLines(file);
      expect(await readFile(file, 'utf8')).toBe('');
    }));

  it('loses no line but the one it is writing when its process is killed', () =>
    withFile(async (file) => {
      for (let round = 0; round < 3; round += 1) {
        const { child, printed, ending } = await startScript(new URL('../test/writer.ts', import.meta.url), [
          file,
        ]);
        await printed('writes');
        child.kill('SIGKILL');
        expect((await ending).signal).toBe('SIGKILL');
        const { events: seen, damaged, repeated } = await readJsonLines(file);
        // Linux may end a write of a killed process where a page of memory ends, and thus within a line.
        const begin = '{"type":"step",';
        if (damaged !== undefined) expect(begin).toContain(damaged.slice(0, begin.length));
        expect(seen.length).toBeGreaterThan(21);
        expect(repeated > 0).toBe(round > 0);
      }
      jsonLines(file);
      expect((await readJsonLines(file)).damaged).toBe(undefined);
    }));

  it('leaves the files of others alone', () =>
    withFile(async (file) => {
      await writeFile(file, 'my notes');
      await expectKdError(() => jsonLines(file), 'KD_FILE_FOREIGN', 'events.jsonl');
      expect(await readFile(file, 'utf8')).toBe('my notes');
    }));

  it('refuses what is no path, no file, or no event', () =>
    withFile(async (file) => {
      await expectKdError(() => jsonLines(''), 'KD_OPTION_TYPE', 'file');
      await expectKdError(() => jsonLines('/dev/null'), 'KD_FILE_WRITE', 'a pipe, a socket or a device');
      await mkdir(file);
      await expectKdError(() => jsonLines(file), 'KD_FILE_WRITE', 'EISDIR');
      const onEvent = jsonLines(join(dirname(file), 'other')) as (event: unknown) => void;
      await expectKdError(
        () => {
          onEvent(undefined);
        },
        'KD_OPTION_TYPE',
        'event',
      );
    }));
});

describe('readJsonLines', () => {
  it('names a damaged line that is not the last, or is JSON', () =>
    withFile(async (file) => {
      written(file);
      const lines = (await readFile(file, 'utf8')).split('\n');
      const damage = async (line: number, text: string, ...facts: string[]): Promise<void> => {
        await writeFile(file, lines.with(line - 1, text).join('\n'));
        await expectKdError(() => readJsonLines(file), 'KD_EVENTS_DAMAGED', ...facts);
      };
      await damage(1, '{"type":"start"', 'JSON');
      await damage(1, '', 'JSON');
      await damage(4, (lines[3] ?? '').replace('"total":9', '"total":"9"'), 'event.total', '"9"');
      await damage(4, '{"type":"stop"}', 'event.type', '"stop"');
      await damage(6, '3', 'an event of a training');
    }));

  it('ignores fields that a newer trainer may add', () =>
    withFile(async (file) => {
      await writeFile(file, `${JSON.stringify({ ...end(), more: 1 })}\n`);
      expect((await readJsonLines(file)).events).toEqual([end()]);
    }));

  it('refuses what it cannot read', () =>
    withFile(async (file) => {
      await expectKdError(() => readJsonLines(file), 'KD_FILE_READ', 'no such file (ENOENT)');
      await expectKdError(() => readJsonLines('/dev/null'), 'KD_FILE_READ');
      await expectKdError(() => readJsonLines(3 as never), 'KD_OPTION_TYPE', '3');
    }));
});
