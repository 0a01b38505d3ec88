// Makes one set of all shards: what `npx @kd/stored-soft-targets merge <directory>` does where the package is
// installed.
import process from 'node:process';
import { mergeShards } from '@kd/stored-soft-targets/node';

const { shards, count } = await mergeShards(process.argv[2] ?? 'runs/targets');
console.log(`${String(shards)} shards, ${String(count)} examples`);
