import { startChild } from '@kd-benchmarks/shared';
import type { Child } from '@kd-benchmarks/shared';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Weights } from './compare-weights.js';
import type { Answer, Backend, Request } from './messages.js';

/** The two commits that are compared. */
export type SideName = 'there' | 'here';

export const sideNames: readonly SideName[] = ['there', 'here'];

/** One value for each side. */
export type OfSides<T> = Readonly<Record<SideName, T>>;

/** The outcome of one training on one side. */
export type Trained = Extract<Answer, { type: 'trained' }>;

/** A process of a side that trains one recipe on one backend. */
export type Side = Child<Request, Answer>;

/** One side cannot train. */
export class SideError extends Error {
  readonly side: SideName;
  constructor(side: SideName, message: string) {
    super(message);
    this.side = side;
  }
}

/** Starts the process of a side in its checkout, with the sources, recipes and packages of that checkout. */
export function startSide(checkout: string, recipe: string, backend: Backend, folder: string): Side {
  const program = join(checkout, 'benchmarks/guard/src/run-one.ts');
  return startChild(program, [recipe, backend, folder], {
    cwd: checkout,
    execArgv: ['--conditions=@kd/source', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** Waits until both have started; false if one does not know the recipe. */
export async function haveStarted(sides: OfSides<Side>): Promise<boolean> {
  const answers = await Promise.all(sideNames.map((name) => sides[name].started));
  answers.forEach((answer, index) => {
    if (answer.type === 'failure') throw new SideError(sideNames[index] as SideName, answer.message);
  });
  return answers.every(({ type }) => type === 'ready');
}

/** Trains once. */
export async function trainOn(sides: OfSides<Side>, name: SideName): Promise<Trained> {
  const answer = await sides[name].ask({ type: 'train' });
  if (answer.type === 'trained') return answer;
  throw new SideError(name, answer.type === 'failure' ? answer.message : `answered ${answer.type}`);
}

/** Reads the weights of a training. */
export async function weightsOf({ weights, file }: Trained): Promise<Weights> {
  const bytes = await readFile(file);
  return { weights, values: new Float32Array(new Uint8Array(bytes).buffer) };
}
