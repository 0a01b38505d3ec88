import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { weightsDifference } from './difference.js';
import type { Peer } from './peer.js';
import type { Activation } from './perceptron.js';
import { checkKey, readAgreement, saveJson } from './results.js';
import type { Agreement, RunResult } from './results.js';
import { runsOf } from './runs-of.js';
import { nameOf } from './runs.js';
import type { PeerName, Run } from './runs.js';
import type { Settings } from './settings.js';
import { digestOf, readDigested } from './work/digested-file.js';
import type { MadeWork } from './work/make-work.js';

/** What the runs need. */
export interface Surroundings {
  readonly work: MadeWork;
  readonly settings: Settings;
  /** Starts a fresh process; undefined if the peer does not work here. */
  readonly start: (peer: PeerName) => Promise<Peer | undefined>;
  readonly countErrors: (weights: Float32Array, activation: Activation) => Promise<number>;
}

/** Makes the runs that a file of results lacks, and saves after each. */
export async function agree(
  file: string,
  runs: readonly Run[],
  { work, settings, start, countErrors }: Surroundings,
): Promise<Agreement> {
  let agreement = (await readAgreement(file)) ?? { key: work.key, settings, runs: [] };
  checkKey(file, agreement.key, work.key);
  const names = runsOf(settings).map(nameOf);
  const resultOf = (name: string): RunResult | undefined =>
    agreement.runs.find((result) => result.name === name);
  for (const run of runs) {
    const name = nameOf(run);
    const earlier = resultOf(name);
    // Later runs need the weights of the one that they are compared with, which are not among the results.
    if (earlier !== undefined && (run.against !== undefined || (await has(fileOf(work, name))))) continue;
    const against = run.against === undefined ? undefined : resultOf(run.against);
    if (run.against !== undefined && against === undefined) {
      console.log(`Left out: ${name}, which would be compared with ${run.against}.`);
      continue;
    }
    const peer = await start(run.peer);
    if (peer === undefined) continue;
    console.log(`${name} ...`);
    const { losses, weights } = await trained(peer, run, work, settings.steps);
    const result = {
      name,
      about: peer.about,
      // Seven digits are what float32 has; nine are enough to restore it.
      losses: losses.map((loss) => Number(loss.toPrecision(9))),
      digest: digestOf(new Uint8Array(weights.buffer)),
      ...(against && {
        weights: weightsDifference(weights, await weightsOf(work, against)),
      }),
      testErrors: await countErrors(weights, run.recipe.activation),
    };
    const others = agreement.runs.filter((other) => other.name !== name);
    agreement = {
      ...agreement,
      runs: [...others, result].sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name)),
    };
    await saveJson(file, agreement);
  }
  return agreement;
}

async function trained(peer: Peer, run: Run, work: MadeWork, count: number) {
  try {
    await peer.ask({ type: 'start', folder: work.folder, recipe: run.recipe });
    const { losses } = await peer.ask({ type: 'steps', count });
    const file = fileOf(work, nameOf(run));
    await peer.ask({ type: 'finish', file });
    return { losses, weights: new Float32Array(new Uint8Array(await readFile(file)).buffer) };
  } finally {
    peer.close();
  }
}

/** Where a run leaves its weights. */
function fileOf({ folder }: MadeWork, name: string): string {
  return join(folder, `after-${name.replaceAll(/\W+/g, '-')}.bin`);
}

async function weightsOf(work: MadeWork, result: RunResult): Promise<Float32Array> {
  return new Float32Array(await readDigested(fileOf(work, result.name), result.digest));
}

async function has(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
