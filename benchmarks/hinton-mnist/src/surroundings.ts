import type { BackendName } from '@kd/backend/node';
import { slug } from '@kd-benchmarks/experiment/parts';
import type { Job } from './job.js';
import type { Settings } from './settings.js';

/** What all jobs share. */
export interface Surroundings {
  readonly settings: Settings;
  readonly backend: BackendName;
  /** Folder for weights and checkpoints. */
  readonly out: string;
}

/** The seed of all trials; the table does not use it. */
export const trialSeed = 101;

/** The page shows the first seed. */
export function shown({ out }: Surroundings, seed: number, name: string | undefined): Pick<Job, 'shown'> {
  return seed === 1 && name !== undefined ? { shown: { folder: `${out}/page`, name } } : {};
}

export function placesOf({ backend, out }: Surroundings, name: string): Pick<Job, 'backend' | 'checkpoints'> {
  return { backend, checkpoints: `${out}/checkpoints/${slug(name)}` };
}

export function weightsOf({ out }: Surroundings, name: string): string {
  return `${out}/weights/${slug(name)}.v8`;
}
