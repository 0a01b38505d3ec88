import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expectKdError } from '@kd/testing';
import { callsOf, expectOnDisk, faultAtEachCall, setFault } from '@kd/testing/file-system';
import { hasNamedPipes, putNamedPipe } from '@kd/testing/named-pipe';
import { startScript } from '@kd/testing/run-script';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkpointDirectory } from './directory.js';
import type { CheckpointFiles } from './store.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('@kd/testing/file-system')).recorded(await original()),
);

const files = (text: string): CheckpointFiles => ({
  'a.safetensors': new TextEncoder().encode(text),
  'manifest.json': new TextEncoder().encode(`{"${text}":1}`),
});
const textOf = (file: Uint8Array | undefined): string => new TextDecoder().decode(file);

let path = '';
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'checkpoint-directory-'));
});
afterEach(async () => {
  setFault();
  await rm(path, { recursive: true, force: true });
});

describe('checkpointDirectory', () => {
  it('loads the newest checkpoint that it saved', async () => {
    const store = checkpointDirectory(join(path, 'new', 'deep'));
    expect(await store.load()).toBeUndefined();
    for (const text of ['one', 'two', 'three']) {
      await store.save(files(text));
      const loaded = await store.load();
      expect(textOf(loaded?.files['a.safetensors'])).toBe(text);
      expect(textOf(loaded?.files['manifest.json'])).toBe(`{"${text}":1}`);
    }
  });

  it('keeps the last two, or as many as it is told', async () => {
    const two = checkpointDirectory(join(path, 'two'));
    const one = checkpointDirectory(join(path, 'one'), { keep: 1 });
    for (let count = 0; count < 12; count++) {
      await two.save(files('x'));
      await one.save(files('x'));
    }
    expect(await readdir(join(path, 'two'))).toEqual(['checkpoint-000011', 'checkpoint-000012']);
    expect(await readdir(join(path, 'one'))).toEqual(['checkpoint-000012']);
  });

  it('is not confused by other files, and removes what a killed process has left', async () => {
    const store = checkpointDirectory(path);
    await store.save(files('good'));
    const half = join(path, '.writing-0123456789ab');
    await mkdir(half);
    await writeFile(join(half, '.kd-checkpoint'), '');
    await writeFile(join(half, 'a.safetensors'), 'half');
    await mkdir(join(path, '.removing-7'));
    await writeFile(join(path, 'notes.txt'), 'mine');
    await mkdir(join(path, 'checkpoint-best'));
    expect(textOf((await store.load())?.files['a.safetensors'])).toBe('good');
    await store.save(files('better'));
    expect(await readdir(path)).toEqual([
      'checkpoint-000001',
      'checkpoint-000002',
      'checkpoint-best',
      'notes.txt',
    ]);
    expect(await readFile(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it("never removes other people's files, whatever their names", async () => {
    const others = [
      'checkpoint-000001',
      'checkpoint-5',
      '.writing-ba9876543210',
      '.removing-4',
      '.writing-notes',
    ];
    for (const name of others) {
      await mkdir(join(path, name));
      await writeFile(join(path, name, 'mine.txt'), 'mine');
    }
    await writeFile(join(path, '.writing-2'), 'mine');
    const store = checkpointDirectory(path, { keep: 1 });
    for (const text of ['one', 'two', 'three']) await store.save(files(text));
    expect((await readdir(path)).sort()).toEqual([...others, '.writing-2', 'checkpoint-000008'].sort());
    for (const name of others) expect(await readFile(join(path, name, 'mine.txt'), 'utf8')).toBe('mine');
    expect(textOf((await store.load())?.files['a.safetensors'])).toBe('three');
    await store.remove();
    expect((await readdir(path)).sort()).toEqual([...others, '.writing-2'].sort());
  });

  it('holds a complete checkpoint, earlier or new, when killed or when the disk is full, at every call', async () => {
    for (const fault of ['kill', { code: 'ENOSPC' }] as const) {
      const directoryOf = (call: number): string => join(path, JSON.stringify(fault), String(call));
      const seen: string[] = [];
      const calls = await faultAtEachCall(
        fault,
        async (call) => {
          setFault();
          const store = checkpointDirectory(directoryOf(call), { keep: 1 });
          await store.save(files('one'));
          setFault(fault, call);
          await store.save(files('two'));
        },
        async (failure, call) => {
          const store = checkpointDirectory(directoryOf(call), { keep: 1 });
          const { name = '', files: loaded = {} } = (await store.load()) ?? {};
          const text = textOf(loaded['a.safetensors']);
          expect(name).toContain(text === 'one' ? 'checkpoint-000001' : 'checkpoint-000002');
          expect(loaded).toEqual(
            Object.fromEntries(
              Object.entries(files(text)).map(([file, bytes]) => [file, Buffer.from(bytes)]),
            ),
          );
          if (fault !== 'kill' && failure !== undefined)
            expect(failure).toMatchObject({ code: 'KD_DISK_FULL' });
          if (failure === undefined) expect(text).toBe('two');
          seen.push(text);
          await store.save(files('three'));
          expect(await readdir(directoryOf(call))).toEqual([
            text === 'one' ? 'checkpoint-000002' : 'checkpoint-000003',
          ]);
        },
      );
      expect(calls).toBeGreaterThan(20);
      // A kill changes nothing at first, and then everything; some of the calls may fail without harm.
      if (fault === 'kill') expect(seen).toEqual([...seen].sort());
      expect(new Set(seen)).toEqual(new Set(['one', 'two']));
    }
  });

  it('removes all checkpoints, even if interrupted at any call', async () => {
    const calls = await faultAtEachCall(
      'kill',
      async (call) => {
        setFault();
        const store = checkpointDirectory(join(path, String(call)));
        for (const text of ['one', 'two']) await store.save(files(text));
        setFault('kill', call);
        await store.remove();
      },
      async (failure, call) => {
        if (failure !== undefined) await checkpointDirectory(join(path, String(call))).remove();
        expect(await readdir(path)).toEqual([]);
      },
    );
    expect(calls).toBeGreaterThan(10);
  });

  it('says what is wrong and what is not lost', async () => {
    const store = checkpointDirectory(path);
    setFault({ code: 'EACCES' }, 1);
    await expectKdError(() => store.save(files('x')), 'KD_FILE_WRITE', path, 'no permission', 'path');
    setFault({ code: 'ENOSPC' }, 1);
    await expectKdError(() => store.save(files('x')), 'KD_DISK_FULL', path, 'path');
  });

  it('flushes each file to disk, then its directory, then the name of the directory', async () => {
    const store = checkpointDirectory(path);
    await store.save(files('one'));
    const calls = await callsOf(() => store.save(files('two')));
    expectOnDisk(calls);
    const [at, last] = [calls.findLastIndex(({ name }) => name === 'rename'), calls.length];
    expect(calls.slice(at, last)).toContainEqual({ name: 'sync', path });
  });

  it('queues saves that are not awaited, even from two stores', async () => {
    const [one, two] = [checkpointDirectory(path, { keep: 9 }), checkpointDirectory(path, { keep: 9 })];
    const texts = ['a', 'b', 'c', 'd'];
    await Promise.all(texts.map((text, index) => (index % 2 === 0 ? one : two).save(files(text))));
    expect(await readdir(path)).toEqual([1, 2, 3, 4].map((number) => `checkpoint-00000${String(number)}`));
    expect(textOf((await two.load())?.files['a.safetensors'])).toBe('d');
  });

  it('removes its directory if nothing else is in it', async () => {
    const directory = join(path, 'deep');
    const store = checkpointDirectory(directory);
    await store.remove();
    for (const text of ['one', 'two', 'three']) await store.save(files(text));
    await store.remove();
    expect(await readdir(path)).toEqual([]);
    expect(await store.load()).toBeUndefined();
  });

  it('says so if a file is in place of the directory', async () => {
    const file = join(path, 'file');
    await writeFile(file, '');
    await expectKdError(() => checkpointDirectory(file).save(files('x')), 'KD_FILE_WRITE', file);
    await expectKdError(() => checkpointDirectory(file).load(), 'KD_FILE_READ', file);
  });

  it.runIf(hasNamedPipes)('names a pipe in place of a file, and never waits for it', async () => {
    const store = checkpointDirectory(path);
    await store.save(files('one'));
    await putNamedPipe(join(path, 'checkpoint-000001', 'a.safetensors'));
    await expectKdError(() => store.load(), 'KD_FILE_READ', path, 'a pipe, a socket or a device');
  });

  it('keeps others out while a training holds its lock, but lets them load', async () => {
    const [own, other] = [checkpointDirectory(path), checkpointDirectory(path)];
    const unlock = await own.lock();
    await own.save(files('one'));
    await own.save(files('two'));
    for (const refused of [
      () => other.save(files('three')),
      () => other.lock(),
      () => own.lock(),
      () => other.remove(),
    ])
      await expectKdError(refused, 'KD_FILE_BUSY', path, `process ${String(process.pid)} on ${hostname()}`);
    expect(textOf((await other.load())?.files['a.safetensors'])).toBe('two');
    await unlock();
    await other.save(files('three'));
    expect(textOf((await own.load())?.files['a.safetensors'])).toBe('three');
  });

  it('refuses a second process until the first one is killed', async () => {
    const script = new URL('../../test/hold-checkpoints.ts', import.meta.url);
    const { child, ending, printed } = await startScript(script, [path]);
    const store = checkpointDirectory(path);
    try {
      await printed('writing');
      const half = await readdir(path);
      await expectKdError(() => store.save(files('mine')), 'KD_FILE_BUSY', `process ${String(child.pid)}`);
      await expectKdError(() => store.lock(), 'KD_FILE_BUSY', `process ${String(child.pid)}`);
      expect(half.filter((name) => name.startsWith('.writing-'))).toHaveLength(1);
      expect(await readdir(path)).toEqual(half);
    } finally {
      child.kill('SIGKILL');
      await ending;
    }
    const unlock = await store.lock();
    expect(await readdir(path)).toEqual(['.kd-lock']);
    await store.save(files('mine'));
    await unlock();
    expect(await readdir(path)).toEqual(['checkpoint-000001']);
  });

  it.each([
    ['no path', undefined, {}, 'KD_OPTION_TYPE', 'path'],
    ['an empty path', '', {}, 'KD_OPTION_TYPE', 'path'],
    ['zero to keep', 'x', { keep: 0 }, 'KD_OPTION_RANGE', 'options.keep'],
    ['a string for keep', 'x', { keep: '2' }, 'KD_OPTION_TYPE', 'options.keep'],
    ['an unknown option', 'x', { kept: 2 }, 'KD_OPTION_UNKNOWN', 'options.kept'],
  ])('refuses %s', (_, directory, options, code, part) =>
    expectKdError(() => checkpointDirectory(directory as never, options as never), code, part),
  );
});
