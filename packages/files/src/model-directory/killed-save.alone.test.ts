import { expectKdError } from '@kd/testing';
import { callsOf, expectOnDisk, faultAtEachCall, setFault } from '@kd/testing/file-system';
import type { io } from '@tensorflow/tfjs-core';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelDirectory } from './model-directory.js';

vi.mock('node:fs/promises', async (original) =>
  (await import('@kd/testing/file-system')).recorded(await original()),
);

let root: string;
let path: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kd-killed-save-'));
  path = join(root, 'student');
});
afterEach(async () => {
  setFault();
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

const save = (id: number) => modelDirectory(path).save(artifacts(id));
const whole = ['model.json', 'weights.bin'];

it('syncs weights, then model.json, then its name', async () => {
  await save(3);
  const calls = await callsOf(() => save(4));
  expectOnDisk(calls);
});

describe('a save that is killed', () => {
  it('leaves the old model or the new one, at every file-system call, and the next save cleans up', async () => {
    const seen: number[] = [];
    await save(3);
    const calls = await faultAtEachCall(
      'kill',
      () => save(4),
      async () => {
        seen.push(await loadedId());
        await save(3);
        expect((await readdir(path)).sort()).toEqual(whole);
        expect(await loadedId()).toBe(3);
      },
    );
    expect(calls).toBeGreaterThan(20);
    // The first calls change nothing, all later ones have changed the model, and there are both.
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen)).toEqual(new Set([3, 4]));
  });

  it('is cleaned up even after several in a row', async () => {
    await faultAtEachCall(
      'kill',
      async (call) => {
        await save(3).catch(() => undefined);
        setFault('kill', 30 - call);
        await save(4).catch(() => undefined);
        setFault('kill', call);
        await save(5);
      },
      async () => {
        await save(6);
        expect((await readdir(path)).sort()).toEqual(whole);
        expect(await loadedId()).toBe(6);
      },
    );
  });

  it('leaves no model where there was none', async () => {
    setFault('kill', 10);
    await save(3).catch(() => undefined);
    setFault();
    await expectKdError(() => modelDirectory(path).load(), 'KD_FILE_READ', 'model.json', 'no such file');
  });
});

describe('a save that fails', () => {
  it('leaves the old model and nothing else, or has saved the new one', async () => {
    await save(3);
    const failures: boolean[] = [];
    await faultAtEachCall(
      { code: 'ENOSPC' },
      () => save(4),
      async (failure) => {
        failures.push(failure !== undefined);
        const id = await loadedId();
        if (failure === undefined) expect(id).toBe(4);
        else if (id === 3) expect((await readdir(path)).sort()).toEqual(whole);
        await save(3);
        expect((await readdir(path)).sort()).toEqual(whole);
      },
    );
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
    setFault({ code }, 1);
    await expectKdError(() => save(3), expected, path, received, remedy);
    setFault();
    // The next save is not held up.
    await save(3);
    expect(await loadedId()).toBe(3);
  });
});

describe('leftovers', () => {
  it('are removed and nothing else', async () => {
    await save(3);
    const others = ['kd-save-notes.txt', 'kd-save-0123456789ab.bin', 'kd-save-4711-weights.bin'];
    for (const name of ['kd-save-0123456789ab-weights.bin', ...others]) await writeFile(join(path, name), '');
    await save(4);
    expect((await readdir(path)).sort()).toEqual([...others, 'model.json', 'weights.bin'].sort());
  });

  it('of a save in progress are left alone', async () => {
    await save(3);
    const own = { host: hostname(), pid: process.ppid, token: '0123456789ab' };
    await writeFile(join(path, '.kd-lock'), JSON.stringify(own));
    await writeFile(join(path, 'kd-save-0123456789ab-weights.bin'), '');
    const before = await readdir(path);
    await expectKdError(() => save(4), 'KD_FILE_BUSY', `process ${String(own.pid)}`);
    expect(await readdir(path)).toEqual(before);
    expect(await loadedId()).toBe(3);
  });
});
