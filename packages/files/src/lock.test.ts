import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { KdError } from '@kd/core';
import { expectKdError } from '@kd/testing';
import { hasNamedPipes, putNamedPipe } from '@kd/testing/named-pipe';
import { runScript, startScript } from '@kd/testing/run-script';
import type { RunningScript } from '@kd/testing/run-script';
import { describe, expect, it } from 'vitest';
import { withFolder } from '../test/folder.js';
import { takeLock, withLock } from './lock.js';
import { thisProcess } from './process-id.js';
import { replaceFile } from './replace-file.js';

const locker = new URL('../test/locker.ts', import.meta.url);
const placeOf = (directory: string) => ({ where: 'test', argument: 'options.out', directory });
const take = (directory: string) => takeLock(placeOf(directory));
const isLinux = process.platform === 'linux';

const free = 2 ** 22 + 1;
const [dead, other, alive] = ['0123456789ab', 'ba9876543210', 'aaaaaaaaaaaa'] as const;
const ownerText = (token: string, more: object = {}): string =>
  JSON.stringify({ host: hostname(), pid: free, token, ...more });

/**
 * Starts so many processes that take one lock at the same moment; gives those that got it, and kills all of
 * them afterwards.
 */
async function race(
  directory: string,
  hosts: readonly string[],
  body: (held: number, outputs: readonly string[]) => void,
): Promise<void> {
  const running = await Promise.all(hosts.map((host) => startScript(locker, [directory, 'idle', host])));
  try {
    await Promise.all(running.map(({ printed }) => printed('ready')));
    await writeFile(`${directory}-go`, '');
    const outcomes = await Promise.all(
      running.map(({ printed }) =>
        Promise.any(['held', 'KD_FILE_BUSY'].map((line) => printed(line).then(() => line))),
      ),
    );
    body(outcomes.filter((line) => line === 'held').length, outcomes);
  } finally {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ ending }) => ending));
  }
}

it.runIf(hasNamedPipes)('a pipe in place of the lock is a lock of an unknown owner', () =>
  withFolder(async (directory) => {
    await putNamedPipe(join(directory, '.kd-lock'));
    await expectKdError(() => take(directory), 'KD_FILE_BUSY', 'an unknown process');
  }),
);

describe('a lock', () => {
  it('has one holder at a time, even within a process, and is free once released', () =>
    withFolder(async (folder) => {
      const directory = join(folder, 'new', 'deep');
      const lock = await take(directory);
      await expectKdError(
        () => take(directory),
        'KD_FILE_BUSY',
        'test',
        'options.out',
        directory,
        `process ${String(process.pid)} on ${hostname()}`,
        'options.out',
        join(directory, '.kd-lock'),
      );
      await lock.release();
      expect(await readdir(directory)).toEqual([]);
      await (await take(directory)).release();
    }));

  it('admits one at a time, however many requests of a process come at once', () =>
    withFolder(async (directory) => {
      let inside = 0;
      let most = 0;
      const enter = (): Promise<void> =>
        withLock(placeOf(directory), async () => {
          most = Math.max(most, (inside += 1));
          await setTimeout(50);
          inside -= 1;
        });
      for (let round = 0; round < 4; round++) {
        // Of a killed process: all of them want to replace it.
        if (round > 1) await writeFile(join(directory, '.kd-lock'), ownerText(dead));
        const runs = await Promise.allSettled(Array.from({ length: 8 }, enter));
        expect(runs.filter(({ status }) => status === 'fulfilled')).not.toEqual([]);
        for (const run of runs)
          if (run.status === 'rejected')
            expect(KdError.isInstance(run.reason) && run.reason.code).toBe('KD_FILE_BUSY');
      }
      expect(most).toBe(1);
      expect(await readdir(directory)).toEqual([]);
    }));

  it('gives back what `body` gives, and is released when it throws', () =>
    withFolder(async (directory) => {
      expect(await withLock(placeOf(directory), () => Promise.resolve(3))).toBe(3);
      const failed = withLock(placeOf(directory), async (token) => {
        await replaceFile(join(directory, 'file'), 'text', token);
        await writeFile(join(directory, `.writing-${token}-left`), 'half a file');
        throw new Error('stop');
      });
      await expect(failed).rejects.toThrow('stop');
      expect(await readdir(directory)).toEqual(['file']);
    }));

  it('stays if another process took it after it was deleted by hand', () =>
    withFolder(async (directory) => {
      const lock = await take(directory);
      await writeFile(join(directory, '.kd-lock'), ownerText(other, { host: 'elsewhere' }));
      await lock.release();
      expect(await readFile(join(directory, '.kd-lock'), 'utf8')).toContain(other);
    }));
});

describe('the lock of an owner that is', () => {
  const refused = (text: string, ...facts: string[]): Promise<void> =>
    withFolder(async (directory) => {
      await writeFile(join(directory, '.kd-lock'), text);
      await expectKdError(() => take(directory), 'KD_FILE_BUSY', ...facts);
      expect(await readdir(directory)).toEqual(['.kd-lock']);
      expect(await readFile(join(directory, '.kd-lock'), 'utf8')).toBe(text);
    });
  const taken = (text: string): Promise<void> =>
    withFolder(async (directory) => {
      await writeFile(join(directory, '.kd-lock'), text);
      const lock = await take(directory);
      expect(await readFile(join(directory, '.kd-lock'), 'utf8')).toContain(lock.token);
      expect(await readdir(directory)).toEqual(['.kd-lock']);
      await lock.release();
    });

  it('on another machine stays, whatever its number, start and boot', () =>
    refused(
      ownerText(other, { host: 'elsewhere', boot: 'x', started: '1' }),
      `process ${String(free)} on elsewhere`,
    ));
  it('there stays', () => refused(ownerText(other, { pid: process.ppid }), String(process.ppid)));
  it('unknown stays', async () => {
    for (const text of [
      '',
      'mine',
      '7',
      'null',
      ownerText('mine'),
      ownerText(other, { pid: 0 }),
      ownerText(other, { pid: '7' }),
    ])
      await refused(text, 'an unknown process');
  });
  it('gone is taken over', () => taken(ownerText(dead)));
  it.runIf(isLinux)('gone, of the number of this process, is taken over', async () => {
    const own = await thisProcess();
    await taken(ownerText(dead, { ...own, started: '1' }));
    await taken(ownerText(dead, { ...own, boot: 'that before' }));
    await refused(ownerText(dead, { ...own }));
  });
  it('gone is taken over even if takers were killed before and after', async () => {
    // Before it replaced the lock, and after it.
    for (const holder of [dead, other])
      await withFolder(async (directory) => {
        await writeFile(join(directory, '.kd-lock'), ownerText(holder));
        await writeFile(join(directory, `.kd-lock-after-${dead}`), ownerText(other));
        await (await take(directory)).release();
        expect(await readdir(directory)).toEqual([]);
      });
  });
  it('gone is left to a process that is already replacing it', () =>
    withFolder(async (directory) => {
      await writeFile(join(directory, '.kd-lock'), ownerText(dead));
      await writeFile(join(directory, `.kd-lock-after-${dead}`), ownerText(other, { pid: process.ppid }));
      await expectKdError(() => take(directory), 'KD_FILE_BUSY', `process ${String(process.ppid)}`);
      expect((await readdir(directory)).sort()).toEqual(['.kd-lock', `.kd-lock-after-${dead}`]);
    }));
});

it('removes the leftovers of killed runs, identified by lock and file names, and nothing else', () =>
  withFolder(async (directory) => {
    const put = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text);
    await put('.kd-lock', ownerText(dead));
    await put(`.writing-${dead}-cdef`, 'half a file');
    await put(`.kd-lock-${other}`, ownerText(other));
    await put('.kd-lock-bbbbbbbbbbbb', '{"ho');
    // Those of nobody, of a run that goes on, and of another machine.
    const others = {
      '.kd-lock-notes': 'mine',
      '.writing-notes': 'mine',
      [`.writing-${other}-notes`]: 'mine',
      [`.kd-lock-${alive}`]: ownerText(alive, { pid: process.ppid }),
      '.kd-lock-cccccccccccc': ownerText('cccccccccccc', { host: 'elsewhere' }),
    };
    for (const [name, text] of Object.entries(others)) await put(name, text);
    await withLock(placeOf(directory), async () => {
      expect((await readdir(directory)).sort()).toEqual(['.kd-lock', ...Object.keys(others)].sort());
    });
    expect((await readdir(directory)).sort()).toEqual(Object.keys(others).sort());
    for (const [name, text] of Object.entries(others))
      expect(await readFile(join(directory, name), 'utf8')).toBe(text);
  }));

describe('among processes, a lock', () => {
  const withOwner = (
    kind: 'busy' | 'idle',
    body: (directory: string, running: RunningScript) => Promise<void>,
  ): Promise<void> =>
    withFolder(async (folder) => {
      const directory = join(folder, 'held');
      await writeFile(`${directory}-go`, '');
      const running = await startScript(locker, [directory, kind]);
      try {
        await running.printed('held');
        await body(directory, running);
      } finally {
        running.child.kill('SIGKILL');
        await running.ending;
      }
      await (await take(directory)).release();
      expect(await readdir(directory)).toEqual([]);
    });
  /** An hour ago: its age must not count. */
  const age = (directory: string): Promise<void> => utimes(join(directory, '.kd-lock'), 1, 1);

  it('is kept while the event loop is blocked, and freed when the process dies', () =>
    withOwner('busy', async (directory, { child }) => {
      await age(directory);
      await setTimeout(300);
      await expectKdError(() => take(directory), 'KD_FILE_BUSY', `process ${String(child.pid)}`);
    }));

  it('is kept while the process is stopped, and freed when it dies', () =>
    withOwner('idle', async (directory, { child }) => {
      child.kill('SIGSTOP');
      await age(directory);
      await setTimeout(300);
      await expectKdError(() => take(directory), 'KD_FILE_BUSY', `process ${String(child.pid)}`);
    }));

  it('goes to one of several machines', () =>
    withFolder(async (folder) => {
      await race(join(folder, 'held'), ['one', 'two', 'three', 'four'], (held, outputs) => {
        expect(held, outputs.join()).toBe(1);
      });
      // All of them are gone now, which cannot be known here.
      await expectKdError(() => take(join(folder, 'held')), 'KD_FILE_BUSY', 'on ');
    }));

  it('of a dead owner goes to one of several processes', () =>
    withFolder(async (folder) => {
      const directory = join(folder, 'held');
      await mkdir(directory);
      await writeFile(join(directory, '.kd-lock'), ownerText(dead));
      const hosts = Array.from({ length: 4 }, () => hostname());
      await race(directory, hosts, (held, outputs) => {
        expect(held, outputs.join()).toBe(1);
      });
    }));

  it('does not keep its process alive', () =>
    withFolder(async (directory) => {
      const script = new URL('../test/lock-and-end.ts', import.meta.url);
      const { code, errors } = await runScript(script, [directory]);
      expect(code, errors).toBe(0);
      expect(await readdir(directory)).toEqual(['.kd-lock']);
    }));
});
