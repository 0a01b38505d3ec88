import { inTurns } from '@kd-benchmarks/shared';
import { join } from 'node:path';
import { compareTimes } from './compare-times.js';
import type { Round, Times } from './compare-times.js';
import { compareWeights } from './compare-weights.js';
import type { Comparison } from './compare-weights.js';
import type { Backend } from './messages.js';
import { haveStarted, sideNames, startSide, SideError, trainOn, weightsOf } from './sides.js';
import type { OfSides, SideName, Trained } from './sides.js';

/** What to compare, and how often. */
export interface Plan {
  /** Root folders of the two checkouts. */
  readonly checkouts: OfSides<string>;
  /** Fresh pairs of processes: each compiles differently and has a different memory layout. */
  readonly pairs: number;
  /** Timed trainings of each process. */
  readonly rounds: number;
  /** Folder for the weights. */
  readonly folder: string;
}

/** The result for one recipe on one backend. */
export type Finding = { readonly recipe: string; readonly backend: Backend } & (
  | {
      readonly type: 'compared';
      readonly weights: Comparison;
      /** Sides whose trainings did not all end with the same weights. */
      readonly unrepeatable: readonly SideName[];
      readonly wall: Times;
      /** Time in all threads of the process. */
      readonly processor: Times;
    }
  /** One of the commits does not have the recipe. */
  | { readonly type: 'unknown' }
  | { readonly type: 'failure'; readonly side: SideName; readonly message: string }
);

/** Trains a recipe on both sides in alternating rounds, and compares weights and times. */
export async function measure(plan: Plan, recipe: string, backend: Backend): Promise<Finding> {
  const pairs: OfSides<Trained[]>[] = [];
  try {
    for (let pair = 0; pair < plan.pairs; pair++) {
      const trained = await trainPair(plan, recipe, backend);
      if (trained === undefined) return { recipe, backend, type: 'unknown' };
      pairs.push(trained);
    }
    return { recipe, backend, type: 'compared', ...(await compare(pairs)) };
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    return { recipe, backend, type: 'failure', side: error.side, message: error.message };
  }
}

/** The trainings of one pair of processes; undefined if a side does not have the recipe. */
async function trainPair(
  { checkouts, rounds, folder }: Plan,
  recipe: string,
  backend: Backend,
): Promise<OfSides<Trained[]> | undefined> {
  const start = (name: SideName) => startSide(checkouts[name], recipe, backend, join(folder, name));
  const sides = { there: start('there'), here: start('here') };
  try {
    if (!(await haveStarted(sides))) return undefined;
    const trained = { there: [] as Trained[], here: [] as Trained[] };
    // The first round is not timed, because V8 compiles during it.
    await inTurns(1 + rounds, sideNames, async (name) => {
      trained[name].push(await trainOn(sides, name));
    });
    return trained;
  } finally {
    for (const name of sideNames) sides[name].close();
  }
}

async function compare(pairs: readonly OfSides<Trained[]>[]): Promise<{
  weights: Comparison;
  unrepeatable: SideName[];
  wall: Times;
  processor: Times;
}> {
  const all = (name: SideName): Trained[] => pairs.flatMap((pair) => pair[name]);
  const last = (name: SideName): Trained => all(name).at(-1) as Trained;
  const timesOf = (kind: 'milliseconds' | 'processorMilliseconds'): Times =>
    compareTimes(
      pairs.flatMap(({ there, here }) =>
        there.slice(1).map((one, index): Round => ({
          there: one[kind].slice(warmUpSteps),
          here: here[1 + index]?.[kind].slice(warmUpSteps) ?? [],
        })),
      ),
    );
  return {
    weights: compareWeights(await weightsOf(last('there')), await weightsOf(last('here'))),
    unrepeatable: sideNames.filter((name) => new Set(all(name).map(({ sha256 }) => sha256)).size > 1),
    wall: timesOf('milliseconds'),
    processor: timesOf('processorMilliseconds'),
  };
}

// In the first step the optimizer creates its moments, and the backend what it caches for these shapes.
const warmUpSteps = 2;
