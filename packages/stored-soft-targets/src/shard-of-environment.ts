import { describeValue, KdError, like, optionsOf, whole } from '@kd/core';
import { shard } from './shard.js';
import type { Shard } from './shard.js';

const where = 'shardOfEnvironment';

/** Options of `shardOfEnvironment`. */
export interface ShardOfEnvironmentOptions {
  /**
   * Number of shards, a whole number >= 1; required if the environment does not state it (Kubernetes),
   * otherwise compared with it.
   */
  readonly count?: number;
}

/** A scheduler that numbers the processes of a job in environment variables. */
interface Scheduler {
  readonly index: string;
  readonly count?: string;
  /** The number of the first process, if that may differ from 0. */
  readonly first?: string;
}

const schedulers: readonly Scheduler[] = [
  { index: 'JOB_COMPLETION_INDEX' },
  { index: 'SLURM_ARRAY_TASK_ID', count: 'SLURM_ARRAY_TASK_COUNT', first: 'SLURM_ARRAY_TASK_MIN' },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
];

const variables = like<object>(
  'an object of environment variables',
  (value) => typeof value === 'object' && value !== null,
);

const shardOptions = optionsOf<ShardOfEnvironmentOptions>()({ count: whole(1).optional() });

/**
 * The shard that a scheduler gives this process: an indexed job of Kubernetes (`JOB_COMPLETION_INDEX`), a job
 * array of Slurm (`SLURM_ARRAY_TASK_ID`, `_COUNT` and `_MIN`, of step 1) or of AWS Batch
 * (`AWS_BATCH_JOB_ARRAY_INDEX`, `_SIZE`).
 *
 * @param environment variables by name, such as `process.env`
 * @param options the number of shards, which Kubernetes does not state
 * @returns the shard; undefined if no scheduler has set its variable
 * @throws `KD_OPTION_TYPE` for a variable that is not a whole number, or if the count is unknown;
 *   `KD_OPTION_RANGE` for an index that is not below the count, a count that differs from the option, or
 *   variables of two schedulers
 *
 * @example
 * ```ts
 * import { shardOfEnvironment } from '@kd/stored-soft-targets';
 * console.log(shardOfEnvironment({ JOB_COMPLETION_INDEX: '2' }, { count: 4 }), shardOfEnvironment({}));
 * // { index: 2, count: 4 } undefined
 * ```
 */
export function shardOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  options: ShardOfEnvironmentOptions = {},
): Shard | undefined {
  variables.read({ where, argument: 'environment' }, environment);
  const { count: given } = shardOptions.read(where, options);
  const found = schedulers.filter(({ index }) => environment[index] !== undefined);
  const [scheduler, other] = found;
  if (scheduler === undefined) return undefined;
  if (other !== undefined) {
    throw fault(
      'KD_OPTION_RANGE',
      other.index,
      `absent if ${scheduler.index} is set`,
      environment[other.index],
      {
        remedy: 'Unset the variables of the scheduler that did not start this process.',
      },
    );
  }
  const numberOf = (name: string | undefined): number | undefined =>
    name === undefined ? undefined : wholeNumber(name, environment[name]);
  const told = numberOf(scheduler.count);
  const count = given ?? told;
  if (count === undefined) {
    throw fault(
      'KD_OPTION_TYPE',
      'options.count',
      `given, because ${scheduler.index} comes without a count`,
      undefined,
      {
        remedy: 'Pass the number of completions of the job.',
      },
    );
  }
  if (told !== undefined && told !== count) {
    throw fault(
      'KD_OPTION_RANGE',
      'options.count',
      `${String(told)}, the value of ${String(scheduler.count)}`,
      count,
      {
        remedy: 'Omit the option.',
      },
    );
  }
  const index = (numberOf(scheduler.index) ?? 0) - (numberOf(scheduler.first) ?? 0);
  return shard.read({ where, argument: scheduler.index }, { index, count });
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw fault('KD_OPTION_TYPE', name, 'a whole number', text, { remedy: 'Check how the job is started.' });
}

function fault(
  code: 'KD_OPTION_TYPE' | 'KD_OPTION_RANGE',
  argument: string,
  expected: string,
  received: unknown,
  { remedy }: { readonly remedy: string },
): KdError {
  return new KdError({ code, where, argument, expected, received: describeValue(received), remedy });
}
