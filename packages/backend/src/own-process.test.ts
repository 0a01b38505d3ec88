import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { askProcess } from './own-process.js';

const script = (name: string): URL => new URL(`../test/processes/${name}.mjs`, import.meta.url);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('returns the answer of a process, and ends it even if it would continue', async () => {
  const outcome = await askProcess<number>(script('hanging'), ['answer'], 50);
  const pid = 'answer' in outcome ? outcome.answer : 0;
  expect(pid).toBeGreaterThan(0);
  while (isAlive(pid)) await setTimeout(20);
});

it('ends a process that does not answer in time', async () => {
  const start = performance.now();
  const outcome = await askProcess(script('hanging'), [], 0.5);
  expect(outcome).toEqual({ ended: 'it did not answer within 0.5 seconds' });
  expect(performance.now() - start).toBeLessThan(10_000);
});

it('reports how a process ended without an answer', async () => {
  expect(await askProcess(script('absent'), [], 50)).toEqual({ ended: 'its process ended, code 1' });
});
