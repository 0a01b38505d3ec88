import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../../test/events.js';
import { withFile } from '../../test/folder.js';
import { twoModels } from '../../test/models.js';
import { page, reportFolder } from '../page/node.js';
import { jsonLines, saveModels } from '../node.js';
import { runOf } from '../run-of.js';
import { readFolder } from './read-folder.js';

const events = [start(), step(0), step(1), epoch(0), end({ bestEpoch: 0 })];
const inFolder = <T>(body: (folder: string) => Promise<T>): Promise<T> =>
  withFile((file) => body(dirname(file)));
const fill = (folder: string, ...names: string[]): void => {
  for (const name of names) events.forEach(jsonLines(join(folder, `${name}.jsonl`)));
};

describe('reportFolder', () => {
  it('writes the page of the runs and models in a folder, models first', () =>
    inFolder(async (folder) => {
      fill(folder, 'a run', 'teacher');
      await saveModels(folder, twoModels());
      const { file, notes } = await reportFolder(folder);
      expect([file, notes]).toEqual([join(folder, 'report.html'), []]);
      const runs = { teacher: runOf(events), 'a run': runOf(events) };
      const [title, models] = [basename(folder), twoModels()];
      expect(await readFile(file, 'utf8')).toBe(await page(runs, { title, models }));
      expect((await readdir(folder)).sort()).toEqual([
        'a run.jsonl',
        'models.json',
        'report.html',
        'teacher.jsonl',
      ]);
    }));

  it('writes elsewhere with another title, and says what is cut off or empty', () =>
    inFolder(async (folder) => {
      fill(folder, 'b');
      await truncate(join(folder, 'b.jsonl'), 200);
      await writeFile(join(folder, 'a.jsonl'), '');
      const out = join(folder, 'pages', 'new.html');
      const { file, notes } = await reportFolder(folder, { out, title: 'Digits' });
      expect(file).toBe(out);
      expect(await readFile(out, 'utf8')).toContain('<h1>Digits</h1>');
      expect(notes).toEqual(['a.jsonl has no events.', 'The last line of b.jsonl is cut off and left out.']);
    }));

  it('says what is missing or damaged', () =>
    inFolder(async (folder) => {
      const at = (name: string): string => join(folder, name);
      const read = () => reportFolder(folder);
      await expectKdError(() => reportFolder(at('none')), 'KD_FILE_READ', 'none', 'ENOENT');
      await expectKdError(read, 'KD_FILE_READ', 'an empty folder', '*.jsonl');
      await writeFile(at('notes.txt'), '');
      await expectKdError(read, 'KD_FILE_READ', 'a folder with 1 other file');
      await expectKdError(() => reportFolder(at('notes.txt')), 'KD_FILE_READ', 'ENOTDIR');
      await writeFile(at('models.json'), '{"labels"');
      await expectKdError(read, 'KD_FILE_READ', 'models.json', '9 characters that do not parse');
      await writeFile(at('models.json'), '{"labels":[],"answers":{"a":{}}}');
      await expectKdError(read, 'KD_FILE_READ', 'models.answers["a"]', 'neither');
      await saveModels(folder, twoModels());
      await writeFile(at('a.jsonl'), '{"type":"stop"}\n{"type":"stop"}\n');
      await expectKdError(read, 'KD_EVENTS_DAMAGED', 'line 1', 'a.jsonl');
      await writeFile(at('a.jsonl'), '');
      await mkdir(at('page'));
      await expectKdError(() => reportFolder(folder, { out: at('page') }), 'KD_FILE_WRITE', 'options.out');
      await expectKdError(() => reportFolder(folder, { out: '' }), 'KD_OPTION_TYPE', 'options.out');
    }));
});

describe('saveModels', () => {
  it('keeps float32 values exactly, and makes the folder', () =>
    inFolder(async (parent) => {
      const folder = join(parent, 'new', 'runs');
      const values = Float32Array.from(
        { length: 200 },
        (_, index) => Math.sin(index) * 10 ** ((index % 60) - 30),
      );
      const labels = Int32Array.from({ length: 100 }, (_, index) => index % 2);
      await saveModels(folder, { labels, answers: { one: { logits: { values, shape: [100, 2] } } } });
      const { models } = await readFolder('test', folder);
      expect(models?.labels).toEqual(Array.from(labels));
      expect(Float32Array.from(models?.answers['one']?.logits?.values ?? [])).toEqual(values);
    }));

  it('refuses what a page could not show, and keeps the older file', () =>
    inFolder(async (folder) => {
      await saveModels(folder, twoModels());
      const before = await readFile(join(folder, 'models.json'), 'utf8');
      await expectKdError(
        () => saveModels(folder, twoModels({ labels: [7] })),
        'KD_DATA_LENGTH',
        'models.answers["teacher"]',
      );
      expect(await readFile(join(folder, 'models.json'), 'utf8')).toBe(before);
    }));
});
