import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { selectBackend } from '@kd/backend/node';
import { environmentOf } from '@kd-benchmarks/shared';
import { agree } from './agree.js';
import { errorCounter } from './error-counter.js';
import type { Options } from './options.js';
import type { Peer } from './peer.js';
import { report } from './report.js';
import { checkKey, readAgreement, readTime, saveJson } from './results.js';
import { recipeOf, runsOf } from './runs-of.js';
import type { PeerName } from './runs.js';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';
import { startPeer } from './start-peer.js';
import { timeInTurns } from './time.js';
import { makeWork } from './work/make-work.js';
import type { MadeWork } from './work/make-work.js';

/** Makes what is missing of the runs, or of the times, and reports. */
export async function sideBySide(options: Options, signal: AbortSignal): Promise<void> {
  const settings = options.small === true ? small : full;
  const suffix = options.small === true ? '-small' : '';
  const files = {
    agreement: join(options.out, `agreement${suffix}.json`),
    time: join(options.out, `time${suffix}.json`),
  };
  await selectBackend({ require: 'wasm' });
  const work = await makeWork(options.work, settings);
  const python = await pythonOf(options, signal);
  const start = (name: PeerName): Promise<Peer | undefined> => startIfThere(name, python);
  const runs = runsOf(settings).filter(({ peer }) => options.peers.includes(peer));
  if (options.time === true) await time(files.time, options, work, settings, start);
  else await agree(files.agreement, runs, { work, settings, start, countErrors: errorCounter(settings) });
  const [agreement, times] = [await readAgreement(files.agreement), await readTime(files.time)];
  if (agreement !== undefined) await report(options.out, suffix, agreement, times);
}

async function time(
  file: string,
  { peers, warmUp, rounds, steps }: Options,
  work: MadeWork,
  settings: Settings,
  start: (name: PeerName) => Promise<Peer | undefined>,
): Promise<void> {
  const earlier = await readTime(file);
  if (earlier !== undefined) {
    checkKey(file, earlier.key, work.key);
    console.log(`${file} has the times already; move it away to measure again.`);
    return;
  }
  const started = new Map<PeerName, Peer>();
  try {
    for (const name of peers) {
      const peer = await start(name);
      if (peer !== undefined) started.set(name, peer);
    }
    const recipe = recipeOf(settings, 'adam');
    await saveJson(file, await timeInTurns(started, work, recipe, { warmUp, rounds, steps }));
    console.log(`Written to ${file}.`);
  } finally {
    for (const peer of started.values()) peer.close();
  }
}

function pythonOf({ peers, environment, python }: Options, signal: AbortSignal): Promise<string> | string {
  const needsPython = peers.some((name) => name !== 'wasm' && name !== 'tensorflow');
  return needsPython ? peersEnvironment(environment, python, signal) : python;
}

/** The virtual environment of the other peers; returns its Python. */
export function peersEnvironment(folder: string, python: string, signal: AbortSignal): Promise<string> {
  const parts = {
    folder,
    requirements: fileURLToPath(new URL('../python/requirements.txt', import.meta.url)),
    python,
    contents: 'PyTorch, torchdistill, Keras and TensorFlow (7 GB)',
    where: 'side-by-side',
    instead: 'Or leave out what needs it: --peers wasm,tensorflow.',
  };
  return environmentOf(parts, signal);
}

/** Our TensorFlow backend is optional. */
async function startIfThere(name: PeerName, python: string): Promise<Peer | undefined> {
  try {
    return await startPeer(name, python);
  } catch (error) {
    if (name !== 'tensorflow' || !KdError.isInstance(error)) throw error;
    console.log(`Left out: ${error.message}`);
    return undefined;
  }
}
