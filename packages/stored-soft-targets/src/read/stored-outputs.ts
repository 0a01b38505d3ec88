import type { OutputInfo } from '@kd/core';
import type { RowShape } from '../files/row-shape.js';
import type { SetHeader, StoredOutput } from '../files/manifest.js';

/** An output that a set can answer with. */
export interface ReadableOutput {
  readonly info: OutputInfo;
  readonly rowShape: RowShape;
  readonly isInt32: boolean;
}

/** The names of the outputs of values that give the k largest of an output. */
export function topNames(name: string): { classes: string; logProbabilities: string; logRemaining: string } {
  return {
    classes: `${name}/top`,
    logProbabilities: `${name}/log-probabilities`,
    logRemaining: `${name}/log-remaining`,
  };
}

/**
 * The outputs that a set can answer with, by name. Of the k largest, the whole output needs a way to fill in
 * the others. The parts are given for a single member only: the mean of several members' classes means
 * nothing.
 */
export function readableOutputs(
  { outputs, members }: SetHeader,
  isFilled: boolean,
): Readonly<Record<string, ReadableOutput>> {
  const entries = Object.entries(outputs).flatMap(([name, output]) => {
    const whole = [name, wholeOutput(output)] as const;
    if (output.topK === undefined) return [whole];
    const parts = members.length === 1 ? topParts(name, output.topK, output) : [];
    return isFilled ? [whole, ...parts] : parts;
  });
  return Object.fromEntries(entries);
}

function wholeOutput({ convention, classes, rowShape, type }: StoredOutput): ReadableOutput {
  const info = { convention, shape: [null, ...rowShape], ...(classes && { classes }) };
  return { info, rowShape, isInt32: type === 'int32' };
}

function topParts(
  name: string,
  k: number,
  { rowShape }: StoredOutput,
): (readonly [string, ReadableOutput])[] {
  const places = rowShape.slice(0, -1);
  const names = topNames(name);
  return [
    [names.classes, valuesOf([...places, k], true)],
    [names.logProbabilities, valuesOf([...places, k], false)],
    [names.logRemaining, valuesOf(places, false)],
  ];
}

function valuesOf(rowShape: RowShape, isInt32: boolean): ReadableOutput {
  const info = { convention: 'values', shape: [null, ...rowShape] } as const;
  return { info, rowShape, isInt32 };
}
