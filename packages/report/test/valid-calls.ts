import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import type * as api from '../src/index.js';
import type * as html from '../src/page/node.js';
import type * as node from '../src/node.js';
import type * as tensorboard from '../src/tensorboard.js';
import { runOf } from '../src/index.js';
import { end, epoch, start, step } from './events.js';
import { twoModels } from './models.js';

const directory = mkdtempSync(join(tmpdir(), 'kd-fuzz-report-'));
process.once('exit', () => {
  rmSync(directory, { recursive: true, force: true });
});
const file = join(directory, 'events.jsonl');

const events = () => [start(), step(0), epoch(0), end()];
const own: ValidCallsOf<typeof api> = {
  confusionMatrix: () => [[0, 1], [1, 1], 2],
  runOf: () => [events()],
};
const ofPage: ValidCallsOf<typeof html> = {
  page: () => [{ student: runOf(events()) }, { title: 'Digits', models: twoModels() }],
  reportFolder: () => {
    writeFileSync(join(directory, 'run.jsonl'), `${JSON.stringify(start())}\n`);
    return [directory, { out: join(directory, 'page.html'), title: 'Digits' }];
  },
};
const ofNode: ValidCallsOf<typeof node> = {
  jsonLines: {
    args: () => [file],
    use: (onEvent) => {
      onEvent(start());
    },
  },
  readJsonLines: () => {
    writeFileSync(file, `${JSON.stringify(start())}\n`);
    return [file];
  },
  saveModels: () => [join(directory, 'models'), twoModels()],
  terminal: {
    args: () => [{ stream: { write: () => true, isTTY: true } }],
    use: (onEvent) => {
      onEvent(start());
    },
  },
};

const ofTensorBoard: ValidCallsOf<typeof tensorboard> = {
  tensorBoard: {
    args: () => [{ scalar: () => undefined, flush: () => undefined }],
    use: (onEvent) => {
      for (const event of events()) onEvent(event);
    },
  },
};

export const validCalls: Readonly<Record<string, ValidCalls>> = {
  '@kd/report': own,
  '@kd/report/node': ofNode,
  '@kd/report/page': ofPage,
  '@kd/report/tensorboard': ofTensorBoard,
};
