import type * as FileSystem from 'node:fs/promises';
import { expectKdError } from '@kd/testing';
import type { io } from '@tensorflow/tfjs-core';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelDirectory } from './model-directory.js';

/** Calls of the file system that change something, left until the fault. */
let callsLeft = Infinity;
/** Whether one call fails, or this and all later ones, as if the process were gone. */
let fault: 'kill' | { code: string } = 'kill';

function fail(): void {
  callsLeft -= 1;
  if (fault === 'kill' ? callsLeft < 0 : callsLeft === -1) {
    throw Object.assign(new Error('fault'), fault === 'kill' ? {} : fault);
  }
}

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>();
  const guarded =
    <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      fail();
      return call(...given);
    };
  const open = async (...given: Parameters<typeof real.open>): Promise<FileSystem.FileHandle> => {
    if (given[1] === 'r') return real.open(...given);
    fail();
    const handle = await real.open(...given);
    const write = handle.writeFile.bind(handle);
    handle.writeFile = async (data) => {
      const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
      // A write that is cut off has written a part.
      await write(bytes.subarray(0, bytes.length / 2));
      fail();
      await write(bytes.subarray(bytes.length / 2));
    };
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      fail();
      await sync();
    };
    return handle;
  };
  return {
    ...real,
    open,
    mkdir: guarded(real.mkdir as (...given: Parameters<typeof real.mkdir>) => Promise<unknown>),
    link: guarded(real.link),
    rename: guarded(real.rename),
    rm: guarded(real.rm),
  };
});

let root: string;
let path: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kd-killed-save-'));
  path = join(root, 'student');
});
afterEach(async () => {
  callsLeft = Infinity;
  await rm(root, { recursive: true });
});

/** A model whose topology and weights name it both, of a size of its own. */
function artifacts(id: number): io.ModelArtifacts {
  return {
    modelTopology: { id },
    format: 'layers-model',
    weightSpecs: [{ name: 'w', shape: [id], dtype: 'float32' }],
    weightData: new Float32Array(id).fill(id).buffer,
  };
}

async function loadedId(): Promise<number> {
  const { modelTopology, weightData } = await modelDirectory(path).load();
  const { id } = modelTopology as { id: number };
  expect([...new Float32Array(weightData as ArrayBuffer)]).toEqual(Array(id).fill(id));
  return id;
}

async function saveWithFault(id: number, calls: number): Promise<boolean> {
  callsLeft = calls;
  const failed = await modelDirectory(path)
    .save(artifacts(id))
    .then(
      () => false,
      () => true,
    );
  callsLeft = Infinity;
  return failed;
}

describe('a save that is killed', () => {
  it('leaves the old model or the new one, at each call of the file system', async () => {
    fault = 'kill';
    const seen: number[] = [];
    let calls = 0;
    for (let old = 3; calls < 60; calls++, old++) {
      await modelDirectory(path).save(artifacts(old));
      await saveWithFault(old + 1, calls);
      const id = await loadedId();
      expect([old, old + 1]).toContain(id);
      seen.push(id - old);
    }
    // The first calls change nothing, all later ones have changed the model, and there are both.
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen)).toEqual(new Set([0, 1]));
  });

  it('is cleaned up by the next one, also after several in a row', async () => {
    fault = 'kill';
    for (let calls = 0; calls < 40; calls++) {
      await saveWithFault(3, calls);
      await saveWithFault(4, 40 - calls);
      await modelDirectory(path).save(artifacts(5));
      expect((await readdir(path)).sort()).toEqual(['model.json', 'weights.bin']);
      expect(await loadedId()).toBe(5);
    }
  });

  it('leaves no model where there was none', async () => {
    fault = 'kill';
    await saveWithFault(3, 10);
    await expectKdError(() => modelDirectory(path).load(), 'KD_FILE_READ', 'model.json', 'no such file');
  });
});

describe('a save that fails', () => {
  it('leaves the old model and nothing else, or has saved the new one', async () => {
    fault = { code: 'ENOSPC' };
    const failures: boolean[] = [];
    for (let calls = 0; calls < 45; calls++) {
      await modelDirectory(path).save(artifacts(3));
      const failed = await saveWithFault(4, calls);
      failures.push(failed);
      expect(await loadedId()).toBe(failed ? 3 : 4);
      if (failed) expect((await readdir(path)).sort()).toEqual(['model.json', 'weights.bin']);
    }
    expect(failures[0]).toBe(true);
    expect(failures.at(-1)).toBe(false);
  });

  it.each([
    ['ENOSPC', 'KD_DISK_FULL', 'no space left', 'Free some space'],
    ['EDQUOT', 'KD_DISK_FULL', 'no space left', 'Free some space'],
    ['EACCES', 'KD_FILE_WRITE', 'no permission', 'permissions'],
    ['EPERM', 'KD_FILE_WRITE', 'no permission', 'permissions'],
    ['EROFS', 'KD_FILE_WRITE', 'a read-only file system', 'another disk'],
    ['EIO', 'KD_FILE_WRITE', 'fault', 'is complete'],
  ])('says why: %s', async (code, expected, received, remedy) => {
    fault = { code };
    callsLeft = 1;
    const save = () => modelDirectory(path).save(artifacts(3));
    await expectKdError(save, expected, path, received, remedy);
    callsLeft = Infinity;
    // The next save is not held up.
    await save();
    expect(await loadedId()).toBe(3);
  });
});

describe('leftovers', () => {
  it('are removed and nothing else', async () => {
    await modelDirectory(path).save(artifacts(3));
    const others = ['kd-save-notes.txt', 'kd-save-0123456789ab.bin', 'kd-save-4711-weights.bin'];
    for (const name of ['kd-save-0123456789ab-weights.bin', ...others]) await writeFile(join(path, name), '');
    await modelDirectory(path).save(artifacts(4));
    expect((await readdir(path)).sort()).toEqual([...others, 'model.json', 'weights.bin'].sort());
  });

  it('of a save that goes on are left alone', async () => {
    await modelDirectory(path).save(artifacts(3));
    const own = { host: hostname(), pid: process.ppid, token: '0123456789ab' };
    await writeFile(join(path, '.kd-lock'), JSON.stringify(own));
    await writeFile(join(path, 'kd-save-0123456789ab-weights.bin'), '');
    const before = await readdir(path);
    await expectKdError(
      () => modelDirectory(path).save(artifacts(4)),
      'KD_FILE_BUSY',
      `process ${String(own.pid)}`,
    );
    expect(await readdir(path)).toEqual(before);
    expect(await loadedId()).toBe(3);
  });
});
