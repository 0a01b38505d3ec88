// Begins to write a checkpoint, prints a line halfway, and stays there until it is killed:
// hold-checkpoints.ts DIRECTORY
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { checkpointDirectory } from '@kd/trainer/node';

const [directory = ''] = process.argv.slice(2);
const { rename } = fs;
fs.rename = async (from, to) => {
  if (!String(to).includes('checkpoint-')) return rename(from, to);
  console.log('writing');
  setInterval(() => undefined, 1000);
  return new Promise(() => undefined);
};
syncBuiltinESMExports();
await checkpointDirectory(directory).save({ 'manifest.json': new TextEncoder().encode('{}') });
