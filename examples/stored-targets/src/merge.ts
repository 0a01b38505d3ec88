// What `npx @kd/stored-soft-targets merge <directory>` does where the package is installed.
import process from 'node:process';
import { KdError } from '@kd/core';
import { mergeShards } from '@kd/stored-soft-targets/node';

try {
  const { shards, count } = await mergeShards(process.argv[2] ?? '');
  console.log(`${String(shards)} shards, ${String(count)} examples`);
} catch (error) {
  if (!KdError.isInstance(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
