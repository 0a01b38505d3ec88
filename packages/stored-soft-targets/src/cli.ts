#!/usr/bin/env node
// This package's command, `npx @kd/stored-soft-targets`.
import process from 'node:process';
import { KdError } from '@kd/core';
import { Command } from 'commander';
import { mergeShards } from './merge/merge-shards.js';
import { describeSet } from './read/describe-set.js';

const command = new Command('npx @kd/stored-soft-targets').description('Sets of stored soft targets.');

command
  .command('merge <directory>')
  .description('checks all shards in a directory and merges them into one set')
  .action((directory: string) =>
    print(async () => {
      const { shards, count } = await mergeShards(directory);
      return `${String(shards)} shards, ${String(count)} examples`;
    }),
  );

command
  .command('inspect <directory>')
  .description('prints what is stored in a directory')
  .action((directory: string) => print(() => describeSet(directory)));

await command.parseAsync();

async function print(text: () => Promise<string>): Promise<void> {
  try {
    console.log(await text());
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
