import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { withFolder } from '../../test/small.js';
import { withLock } from './lock.js';
import { replaceFile } from './replace-file.js';

const gone = `${hostname()} ${String(2 ** 22 + 1)}`;
const [dead, other, alive] = ['0123456789ab', 'ba9876543210', 'aaaaaaaaaaaa'];

it('of a run are known by the lock that it has left, and of one that asked for the lock by what it wrote', () =>
  withFolder(async (directory) => {
    const put = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text);
    await put('.lock', `${gone} ${dead}`);
    await put(`.writing-${dead}-cdef`, 'half a file');
    await put(`.writing-${other}-cdef`, `${gone} ${other}`);
    // Those of nobody, of a run that goes on, and of another machine.
    const others = {
      '.writing-notes': 'mine',
      [`.writing-${other}-notes`]: 'mine',
      [`.writing-${alive}-cdef`]: `${hostname()} ${String(process.ppid)} ${alive}`,
      [`.writing-${alive}-0123`]: `${hostname()}-2 1 ${alive}`,
    };
    for (const [name, text] of Object.entries(others)) await put(name, text);
    await withLock('test', directory, async () => {
      expect((await readdir(directory)).sort()).toEqual(['.lock', ...Object.keys(others)].sort());
    });
    expect((await readdir(directory)).sort()).toEqual(Object.keys(others).sort());
    for (const [name, text] of Object.entries(others))
      expect(await readFile(join(directory, name), 'utf8')).toBe(text);
  }));

it('are removed by the run itself where it can', () =>
  withFolder(async (directory) => {
    const failed = withLock('test', directory, async (token) => {
      await replaceFile(join(directory, 'file'), 'text', token);
      await writeFile(join(directory, `.writing-${token}-left`), 'half a file');
      throw new Error('stop');
    });
    await expect(failed).rejects.toThrow('stop');
    expect(await readdir(directory)).toEqual(['file']);
  }));
