// Writes events until it is killed: writer.ts FILE
import process from 'node:process';
import { jsonLines } from '../src/node.js';
import { start, step } from './events.js';

const onEvent = jsonLines(process.argv[2] ?? '');
onEvent(start());
const losses = Object.fromEntries(
  Array.from({ length: 500 }, (_, index) => [`term ${String(index)}`, index]),
);
for (let index = 0; ; index += 1) {
  onEvent(step(index, { losses }));
  if (index === 20) process.stdout.write('writes\n');
}
