// A process that trains one recipe on one backend each time it is asked: run-one.ts <recipe> <backend>
// <folder>. It also runs in worktrees of commits without @kd-benchmarks/shared, so it imports only packages
// of this repository.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Answer, Backend } from './messages.js';
import { sizes } from './sizes.js';

const [name, backend, folder] = process.argv.slice(2) as [string, Backend, string];
let train: () => Promise<Answer>;

async function start(): Promise<Answer> {
  // Imported here, so that a commit in which they do not compile reports it.
  const { recipes } = await import('./recipes/index.js');
  const { trainOnce } = await import('./train-once.js');
  const { selectBackend } = await import('@kd/backend/node');
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe === undefined) return { type: 'unknown' };
  await selectBackend({ require: backend === 'native' ? 'tensorflow' : backend });
  train = async () => {
    const { values, ...trained } = await trainOnce(recipe, sizes[backend]);
    const bytes = new Uint8Array(values.buffer);
    const file = join(folder, `${name}-${backend}.f32`);
    await mkdir(folder, { recursive: true });
    await writeFile(file, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { type: 'trained', file, sha256, ...trained };
  };
  return { type: 'ready' };
}

const send = (answer: Answer): void => void process.send?.(answer);
const fail = (error: unknown): void => {
  send({ type: 'failure', message: error instanceof Error ? error.message : String(error) });
};
process.on('message', () => {
  train().then(send, fail);
});
process.on('disconnect', () => process.exit());
start().then(send, fail);
