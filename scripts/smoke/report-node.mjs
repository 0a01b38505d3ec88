import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLines, readJsonLines } from '@kd/report/node';

const folder = await mkdtemp(join(tmpdir(), 'kd-smoke-'));
const file = join(folder, 'events.jsonl');
jsonLines(file)({ type: 'end', stage: 0, reason: 'early', bestEpoch: 3 });
const { events } = await readJsonLines(file);
if (events[0]?.bestEpoch !== 3) throw new Error(JSON.stringify(events));
await rm(folder, { recursive: true });
console.log('works');
