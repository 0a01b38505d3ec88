import { KdError, onlyOutput, optionFault } from '@kd/core';
import type { OutputInfo, TeacherDescription } from '@kd/core';
import { where } from './options.js';
import type { StoreOptions } from './options.js';

/** The names of the outputs to store; throws `KD_OUTPUT_UNKNOWN` for one that the teacher lacks. */
export function outputsToStore(
  { outputs }: Pick<TeacherDescription, 'outputs'>,
  { outputs: wanted, taps = [] }: StoreOptions,
): TeacherDescription['outputs'] {
  const known = Object.keys(outputs);
  const names = [...new Set(wanted ?? known)];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownOutput('options.outputs', unknown, known);
  if (names.length === 0 && taps.length === 0) {
    const at = { where, argument: 'options.outputs' };
    throw optionFault(
      'TYPE',
      at,
      'at least one output or tap',
      wanted,
      `Choose some of ${known.join(', ')}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, outputs[name] as OutputInfo]));
}

/** The error for an output that the teacher lacks. */
export function unknownOutput(argument: string, name: string, known: readonly string[]): KdError {
  return new KdError({
    code: 'KD_OUTPUT_UNKNOWN',
    where,
    argument,
    expected: `outputs among ${known.join(', ')}`,
    received: JSON.stringify(name),
    remedy: 'Use the names that the teacher describes.',
  });
}

/** How a message goes on to name an output that is not the only one. */
export function ofOutput(name: string): string {
  return name === onlyOutput ? '' : ` of the output ${JSON.stringify(name)}`;
}
