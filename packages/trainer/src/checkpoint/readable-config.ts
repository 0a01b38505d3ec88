import { KdError } from '@kd/core';
import { toJson } from './json.js';

/** Whose config it is. */
export interface Owner {
  readonly where: string;
  /** For messages: `the layer "hidden"`. */
  readonly argument: string;
}

/** A config for checkpoints. Throws `KD_OPTION_TYPE` if it cannot be read or written. */
export function readableConfig<Config>({ where, argument }: Owner, read: () => Config): Config {
  try {
    const config = read();
    toJson(config);
    return config;
  } catch (error) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument,
      expected: 'one whose getConfig() returns plain data, for checkpoints',
      received: error instanceof Error ? `the error ${JSON.stringify(error.message)}` : String(error),
      remedy: 'Correct its getConfig, or train without checkpoints.',
      cause: error,
    });
  }
}
