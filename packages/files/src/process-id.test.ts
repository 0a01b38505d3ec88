import { hostname } from 'node:os';
import process from 'node:process';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isGone, thisProcess } from './process-id.js';

const isLinux = process.platform === 'linux';
const free = 2 ** 22 + 1;

it('is not gone while it runs', async () => {
  const own = await thisProcess();
  expect(own).toMatchObject({ host: hostname(), pid: process.pid });
  expect(await isGone(own)).toBe(false);
  // Process 1 belongs to another user as a rule.
  expect(await isGone({ host: hostname(), pid: 1 })).toBe(false);
  expect(await isGone({ host: hostname(), pid: process.ppid })).toBe(false);
});

it('is gone when its number is free', async () => {
  expect(await isGone({ host: hostname(), pid: free })).toBe(true);
});

it('is never gone if it is on another machine', async () => {
  const own = await thisProcess();
  expect(await isGone({ host: `${hostname()}-2`, pid: free })).toBe(false);
  expect(await isGone({ ...own, host: `${hostname()}-2`, boot: 'another', started: '1' })).toBe(false);
});

it.runIf(isLinux)('is gone if a process with its number started at another time', async () => {
  const own = await thisProcess();
  expect(await isGone({ ...own, started: String(Number(own.started) - 1) })).toBe(true);
  expect(await isGone({ ...own, boot: 'that before' })).toBe(true);
  expect(await isGone({ ...own, started: undefined, boot: undefined })).toBe(false);
});

it.runIf(isLinux)('is gone when it is dead but not yet collected by its parent', async () => {
  // The shell starts a child, which ends soon, and becomes a program that never asks.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    await expect.poll(() => readFile(`/proc/${String(pid)}/stat`, 'utf8')).toContain(') Z ');
    process.kill(pid, 0);
    expect(await isGone({ host: hostname(), pid })).toBe(true);
  } finally {
    parent.kill('SIGKILL');
  }
});
