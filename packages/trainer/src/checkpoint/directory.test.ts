import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkpointDirectory } from './directory.js';
import type { CheckpointFiles } from './store.js';

vi.mock('node:fs/promises', { spy: true });

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
  vi.restoreAllMocks();
  await rm(path, { recursive: true, force: true });
});

describe('checkpointDirectory', () => {
  it('gives the newest of what it was given', async () => {
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

  it('is not led astray by what else is there, and removes what a killed process has left', async () => {
    const store = checkpointDirectory(path);
    await store.save(files('good'));
    await mkdir(join(path, '.writing-1'));
    await writeFile(join(path, '.writing-1', '.kd-checkpoint'), '');
    await writeFile(join(path, '.writing-1', 'a.safetensors'), 'half');
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

  it('removes nothing of others, whatever its name', async () => {
    const others = [
      'checkpoint-000001',
      'checkpoint-5',
      `.writing-${String(process.pid)}0`,
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
    await store.save(files('three'));
    // Where the name that is to be written is taken, it says so.
    const own = join(path, `.writing-${String(process.pid)}`);
    await mkdir(own);
    await writeFile(join(own, 'mine.txt'), 'mine');
    await expectKdError(() => store.save(files('four')), 'KD_FILE_WRITE', 'EEXIST', own);
    expect(await readFile(join(own, 'mine.txt'), 'utf8')).toBe('mine');
    expect(textOf((await store.load())?.files['a.safetensors'])).toBe('three');
  });

  it('leaves the checkpoint before as it was when the disk is full, wherever it fails', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const store = checkpointDirectory(path);
    await store.save(files('good'));
    const open = (await vi.importActual<typeof fs>('node:fs/promises')).open;
    for (let failing = 0; failing < 4; failing++) {
      let call = 0;
      vi.mocked(fs.open).mockImplementation(async (...given) => {
        const handle = await open(...given);
        if (call++ === failing)
          vi.spyOn(handle, failing === 2 ? 'sync' : 'writeFile').mockRejectedValue(full);
        if (failing === 3) vi.spyOn(handle, 'sync').mockRejectedValue(full);
        return handle;
      });
      await expectKdError(() => store.save(files('bad')), 'KD_FILE_WRITE', path, 'ENOSPC', 'as they were');
      vi.mocked(fs.open).mockRestore();
      expect(await readdir(path)).toEqual(['checkpoint-000001']);
      expect(textOf((await store.load())?.files['a.safetensors'])).toBe('good');
    }
    for (const name of ['mkdir', 'rename'] as const) {
      vi.mocked(fs[name]).mockRejectedValueOnce(full);
      await expectKdError(() => store.save(files('bad')), 'KD_FILE_WRITE', 'ENOSPC');
      expect(await readdir(path)).toEqual(['checkpoint-000001']);
    }
    await store.save(files('better'));
    expect(textOf((await store.load())?.files['a.safetensors'])).toBe('better');
  });

  it('is gone once it is removed, where nothing else is in it', async () => {
    const directory = join(path, 'deep');
    const store = checkpointDirectory(directory);
    await store.remove();
    for (const text of ['one', 'two', 'three']) await store.save(files(text));
    await store.remove();
    expect(await readdir(path)).toEqual([]);
    expect(await store.load()).toBeUndefined();
  });

  it('says so where there is no directory but a file', async () => {
    const file = join(path, 'file');
    await writeFile(file, '');
    await expectKdError(() => checkpointDirectory(file).save(files('x')), 'KD_FILE_WRITE', file);
    await expectKdError(() => checkpointDirectory(file).load(), 'KD_FILE_READ', file);
  });

  it.each([
    ['no path', undefined, {}, 'KD_OPTION_TYPE', 'path'],
    ['an empty path', '', {}, 'KD_OPTION_TYPE', 'path'],
    ['none to keep', 'x', { keep: 0 }, 'KD_OPTION_RANGE', 'options.keep'],
    ['a text to keep', 'x', { keep: '2' }, 'KD_OPTION_TYPE', 'options.keep'],
    ['an unknown option', 'x', { kept: 2 }, 'KD_OPTION_UNKNOWN', 'options.kept'],
  ])('refuses %s', (_, directory, options, code, part) =>
    expectKdError(() => checkpointDirectory(directory as never, options as never), code, part),
  );
});
