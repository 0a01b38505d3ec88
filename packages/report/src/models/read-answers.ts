import { describeShape, describeValue, KdError } from '@kd/core';
import type { OptionPath } from '@kd/core';
import { checkShaped } from './shaped.js';
import { softened } from './softened.js';
import type { ModelAnswers, ShapedNumbers } from './tested-models.js';

/** The answers of a model, checked. */
export interface ReadAnswers extends Pick<ModelAnswers, 'parameters' | 'bytes' | 'millisecondsPerExample'> {
  readonly name: string;
  readonly classes: number;
  /** The class with the largest score of each row; the first one of several. */
  readonly predictions: Int32Array;
  /** The probabilities of a row at a temperature. */
  readonly at: (row: number, temperature: number) => number[];
}

/** Checks the answers of a model on `rows` examples. */
export function readAnswers(
  { where, argument }: OptionPath,
  name: string,
  { logits, probabilities, ...costs }: ModelAnswers,
  rows: number,
): ReadAnswers {
  const scores = logits ?? probabilities;
  if (scores === undefined || (logits !== undefined && probabilities !== undefined))
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument,
      expected: 'an object with either logits or probabilities',
      received: scores === undefined ? 'neither' : 'both',
      remedy: 'Pass what the model outputs.',
    });
  const kind = logits === undefined ? 'probabilities' : 'logits';
  const at = { where, argument: `${argument}.${kind}` };
  checkScores(at, scores, rows, kind === 'logits');
  const [, classes = 0] = scores.shape;
  const rowOf = (row: number): number[] =>
    Array.from(scores.values.slice(row * classes, (row + 1) * classes));
  if (kind === 'probabilities')
    for (let row = 0; row < rows; row++) checkSum(`${at.argument}[${String(row)}]`, where, rowOf(row));
  return {
    ...costs,
    name,
    classes,
    predictions: Int32Array.from({ length: rows }, (_, row) => {
      const values = rowOf(row);
      return values.indexOf(Math.max(...values));
    }),
    // softmax(log p / T) softens probabilities as softmax(z / T) softens logits.
    at: (row, temperature) =>
      softened(kind === 'logits' ? rowOf(row) : rowOf(row).map(Math.log), temperature),
  };
}

function checkScores(at: OptionPath, scores: ShapedNumbers, rows: number, isLogits: boolean): void {
  checkShaped(
    at,
    scores,
    {
      shape: 'of shape [n, N] with N >= 2',
      number: isLogits ? 'a finite number' : 'a number in [0, 1]',
    },
    ({ length, 1: classes = 0 }) => length === 2 && classes >= 2,
    isLogits ? Number.isFinite : (value) => value >= 0 && value <= 1,
  );
  if (scores.shape[0] === rows) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where: at.where,
    argument: at.argument,
    expected: `of ${String(rows)} rows, one for each label`,
    received: describeShape(scores.shape),
    remedy: 'Pass the answers for all test examples, in the order of the labels.',
  });
}

function checkSum(argument: string, where: string, row: readonly number[]): void {
  const sum = row.reduce((all, p) => all + p, 0);
  // As in @kd/temperature: a float16 softmax over many classes passes, logits do not.
  if (Math.abs(sum - 1) < 1e-3) return;
  throw new KdError({
    code: 'KD_PROBABILITY_RANGE',
    where,
    argument,
    expected: 'a row of numbers that sum to one',
    received: `${describeValue(row)} with sum ${String(sum)}`,
    remedy: 'Pass logits as logits.',
  });
}
