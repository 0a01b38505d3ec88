import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { expectKdError } from '@kd/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withFile } from '../../test/folder.js';
import { start } from '../../test/events.js';
import { jsonLines } from '../node.js';
import { runReport } from './run-report.js';
import { showFile } from './show-file.js';

afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});
const spy = () => {
  const lines = { out: [] as unknown[], error: [] as unknown[] };
  vi.spyOn(console, 'log').mockImplementation((line) => lines.out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line) => lines.error.push(line));
  return lines;
};

describe('npx @kd/report', () => {
  it('prints the path of the page, and opens it only if asked to', () =>
    withFile(async (file) => {
      jsonLines(file)(start());
      const lines = spy();
      const shown: string[] = [];
      const show = (path: string): Promise<void> => {
        shown.push(path);
        return Promise.resolve();
      };
      const path = join(dirname(file), 'report.html');
      await runReport(dirname(file), {}, show);
      expect([lines, shown]).toEqual([{ out: [path], error: [] }, []]);
      await runReport(dirname(file), { open: true, title: 'Digits' }, show);
      expect(shown).toEqual([path]);
    }));

  it('prints errors as one line and fails', async () => {
    const lines = spy();
    await runReport('/no/such/folder', {});
    expect(lines.out).toEqual([]);
    expect(lines.error).toEqual([expect.stringMatching(/^KD_FILE_READ: .*ENOENT/)]);
    expect(process.exitCode).toBe(1);
  });
});

describe('showFile', () => {
  const opener = (code: string) => () => Promise.resolve(spawn(process.execPath, ['-e', code]));

  it('passes the whole path, and succeeds with the opener', async () => {
    const targets: string[] = [];
    await showFile('report.html', (target) => {
      targets.push(target);
      return opener('0')();
    });
    expect(targets).toEqual([join(process.cwd(), 'report.html')]);
  });

  it('says that nothing opens the page', async () => {
    await expectKdError(() => showFile('a.html', opener('process.exit(3)')), 'KD_OPENER_FAILED', 'status 3');
    await expectKdError(
      () => showFile('a.html', () => Promise.resolve(spawn('/no/such/opener'))),
      'KD_OPENER_FAILED',
      'ENOENT',
      'a.html',
    );
    await expectKdError(
      () => showFile('a.html', () => Promise.reject(new Error('no opener'))),
      'KD_OPENER_FAILED',
      'no opener',
    );
  });
});
