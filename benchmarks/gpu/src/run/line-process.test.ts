import process from 'node:process';
import { expect, it } from 'vitest';
import { startLineProcess } from './line-process.js';

const start = (code: string) =>
  startLineProcess<{ readonly type: string }>({ program: process.execPath, args: ['-e', code], env: {} });

it('hears answers among other lines', async () => {
  const echo = `process.stdin.on('data', (line) => process.stdout.write('hello\\n' + line))`;
  const child = start(echo);
  expect(await child.ask({ type: 'time' }, 20)).toEqual({ type: 'time' });
  child.close();
});

it('says how a process ended, and what it printed', async () => {
  const child = start(`console.error('no driver'); process.exitCode = 3`);
  const failure = { type: 'failure', message: 'it ended with code 3; it printed: no driver' };
  expect(await child.ask(undefined, 20)).toEqual(failure);
  expect([child.isRunning(), await child.ask({}, 20)]).toEqual([false, failure]);
});

it('kills a process that hangs', async () => {
  const child = start('setInterval(() => undefined, 1000)');
  expect(await child.ask({}, 0.2)).toEqual({ type: 'failure', message: 'no answer within 0 seconds' });
});

it('says that a program is missing', async () => {
  const child = startLineProcess({ program: '/nowhere/python3', args: [], env: {} });
  expect(JSON.stringify(await child.ask(undefined, 20))).toContain('it does not start');
});
