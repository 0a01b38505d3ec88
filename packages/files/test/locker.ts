// Takes a lock once a file `go` exists beside the directory, and keeps it until killed: locker.ts DIRECTORY
// busy|idle [HOST]
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { KdError } from '@kd/core';

const [directory = '', kind = '', host] = process.argv.slice(2);
if (host !== undefined) os.hostname = () => host;
syncBuiltinESMExports();
const { takeLock } = await import('../src/node.js');

console.log('ready');
while (!existsSync(`${directory}-go`)) await setTimeout(1);
try {
  await takeLock({ where: 'locker', argument: 'directory', directory });
  process.stdout.write('held\n', () => {
    // The event loop is blocked from here on.
    if (kind === 'busy') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
  setInterval(() => undefined, 1000);
} catch (error) {
  if (!KdError.isInstance(error)) throw error;
  console.log(error.code);
}
