import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOf } from '@kd/report';
import { jsonLines, readJsonLines, saveModels } from '@kd/report/node';
import { page, reportFolder } from '@kd/report/page';

const folder = await mkdtemp(join(tmpdir(), 'kd-smoke-'));
const file = join(folder, 'events.jsonl');
jsonLines(file)({ type: 'end', stage: 0, reason: 'early', bestEpoch: 3 });
const { events } = await readJsonLines(file);
if (events[0]?.bestEpoch !== 3) throw new Error(JSON.stringify(events));

const run = runOf([
  { type: 'start', stage: 0, name: 'hints', epochs: 1, parameters: 1, step: 0 },
  { type: 'epoch', stage: 0, epoch: 0, step: 1, total: 1, losses: {}, improved: true, seconds: 2 },
]);
const answers = { student: { logits: { values: [2, 0, 1, 0], shape: [2, 2] } } };
const pictures = { rows: [1], images: { values: [0, 1], shape: [1, 1, 2] }, temperature: 4 };
const models = { labels: [0, 1], answers, pictures };
const html = await page({ student: run }, { title: 'Digits', models });
for (const part of ['</svg>', 'data:image/png', 'student: 1 error'])
  if (!html.includes(part)) throw new Error(html);
await rm(file);
await saveModels(folder, models);
const written = await reportFolder(folder, { title: 'Digits' });
if (!(await readFile(written.file, 'utf8')).includes('student: 1 error')) throw new Error(written.file);
await rm(folder, { recursive: true });
console.log('works');
