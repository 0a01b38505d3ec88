import { KdError, onlyOutput } from '@kd/core';
import { unknownName } from '../choose-name.js';
import type { StatedOutput } from './stated.js';
import { checkWanted } from './wanted.js';

/** An output, with its place in the model. */
export interface PlacedOutput extends StatedOutput {
  /** The model's own name of the output. */
  readonly own: string;
}

/**
 * Finds the stated outputs among a model's own names. Throws `KD_OUTPUT_UNKNOWN` for a name that the model
 * lacks, and for one convention of a model with several outputs.
 */
export function placeOutputs(
  where: string,
  stated: readonly StatedOutput[],
  known: readonly string[],
): readonly PlacedOutput[] {
  return stated.map((output) => ({ ...output, own: ownName(where, output, known) }));
}

function ownName(where: string, { name, from, convention }: StatedOutput, known: readonly string[]): string {
  if (from !== undefined) {
    if (known.includes(from)) return from;
    const argument = `options.convention[${JSON.stringify(name)}]`;
    const expected = 'an output of the model';
    throw unknownName({ code: 'KD_OUTPUT_UNKNOWN', where, argument, expected }, from, known);
  }
  const [only] = known;
  if (known.length === 1 && only !== undefined) return only;
  const example = `{ ${name}: { convention: ${JSON.stringify(convention)}, from: ${JSON.stringify(only ?? '...')} } }`;
  throw new KdError({
    code: 'KD_OUTPUT_UNKNOWN',
    where,
    argument: 'options.convention',
    expected: 'conventions by name, because the model has several outputs',
    received: `${JSON.stringify(convention)}, and the outputs ${known.join(', ') || '(none)'}`,
    remedy: `Name the outputs that you want: convention: ${example}.`,
  });
}

/** The outputs of a request; throws `KD_OUTPUT_UNKNOWN` for one that the teacher lacks. */
export function wantedOutputs(
  where: string,
  wanted: readonly string[],
  placed: readonly PlacedOutput[],
): PlacedOutput[] {
  const known = placed.map(({ name }) => name);
  checkWanted(where, wanted, known);
  return wanted.map((name) => placed[known.indexOf(name)] as PlacedOutput);
}

/** What a fingerprint has to cover: which value of the model has which name. */
export function namesToHash(placed: readonly PlacedOutput[]): string[] {
  return placed.map(({ name, own }) => (name === onlyOutput || name === own ? own : `${name} from ${own}`));
}
