import { KdError, onlyOutput } from '@kd/core';
import type { OutputInfo } from '@kd/core';
import { unknownName } from '../choose-name.js';

/** Throws `KD_OUTPUT_UNKNOWN` for a wanted output that a teacher lacks, listing those that it has. */
export function checkWanted(where: string, wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const argument = 'request.outputs';
  const expected = 'outputs of the teacher';
  throw unknownName({ code: 'KD_OUTPUT_UNKNOWN', where, argument, expected }, unknown, known);
}

/**
 * The name of the output that a function works on: the chosen one, the only one, or the one that is called
 * `output`. Throws `KD_OUTPUT_UNKNOWN`.
 */
export function chooseOutput(
  where: string,
  argument: string,
  chosen: string | undefined,
  outputs: Readonly<Record<string, OutputInfo>>,
): string {
  const known = Object.keys(outputs);
  const [only] = known;
  const name = chosen ?? (known.length === 1 ? only : onlyOutput);
  if (name !== undefined && known.includes(name)) return name;
  const parts = { code: 'KD_OUTPUT_UNKNOWN', where, argument } as const;
  if (chosen !== undefined)
    throw unknownName({ ...parts, expected: 'an output of the teacher' }, chosen, known);
  throw new KdError({
    ...parts,
    expected: 'given, because the teacher has several outputs',
    received: `no name, and the outputs ${known.join(', ') || '(none)'}`,
    remedy: 'Name one of them.',
  });
}
