import { describeShape, errorAt, KdError, tensorsOfBatch } from '@kd/core';
import type { Batch, Teacher } from '@kd/core';
import { checkBatchSize, checkData, readOnce } from '@kd/data';
import type { Data } from '@kd/data';
import { dispose } from '@tensorflow/tfjs-core';
import { checkTeacher } from '../teacher-like.js';
import { countedRows } from './counted-rows.js';
import { askedOutput, logProbabilitiesOf } from './log-probabilities.js';
import type { AskedOutput } from './log-probabilities.js';
import { checkLabels, labelsOf } from './right-classes.js';

/** The members' answers for the held-out examples. */
export interface HeldOut {
  readonly names: readonly string[];
  readonly classes: number;
  readonly labels: readonly number[];
  /** Share of each example in the mean: its sample weight divided by the sum of all. */
  readonly shares: readonly number[];
  /** The kept log-probabilities of each member: those of the right classes, or all, row after row. */
  readonly logProbabilities: readonly Float64Array[];
}

/** Selects which log-probabilities of a batch to keep. */
export type Keep = (values: Float32Array, labels: readonly number[], classes: number) => Float32Array;

/** Keeps the log-probabilities of the right classes, one number per example. */
export const ofRightClasses: Keep = (values, labels, classes) =>
  Float32Array.from(labels, (label, row) => values[row * classes + label] as number);

/** Keeps all log-probabilities. */
export const ofAllClasses: Keep = (values) => values;

/** What is asked. */
export interface HeldOutOptions {
  readonly batchSize: number | undefined;
  readonly keep: Keep;
  /** The output of the members; default: their only one. */
  readonly output: string | undefined;
  /** The name of the labels. */
  readonly target: string;
}

/** Asks all members about all held-out examples, batch by batch, one member after the other. */
export async function askHeldOut(
  where: string,
  members: Readonly<Record<string, Teacher>>,
  data: Data,
  { batchSize, keep, output, target }: HeldOutOptions,
): Promise<HeldOut> {
  checkData(where, 'data', data);
  checkBatchSize(where, 'options.batchSize', batchSize, data);
  const entries = Object.entries(Object(members) as Readonly<Record<string, Teacher>>);
  if (entries.length === 0) throw empty(where, 'members', 'an object with at least one teacher');
  for (const [name, member] of entries) checkTeacher(where, `members.${name}`, member);
  const outputs = await Promise.all(
    entries.map(async ([name, member]) => askedOutput(where, name, member, output)),
  );
  const labels: number[] = [];
  const weights: number[] = [];
  const parts: Float32Array[][] = entries.map(() => []);
  let classes = 0;
  const askAbout = async (batch: Batch): Promise<void> => {
    const given = await labelsOf(where, batch, target);
    const counted = await countedRows(where, batch, given.length);
    const right = counted.rows.map((row) => given[row] as number);
    for (const [index, [name, member]] of entries.entries()) {
      const { values, shape } = await logProbabilitiesOf(member, batch, outputs[index] as AskedOutput).catch(
        (error: unknown) => {
          throw errorAt(error, () => `${where}, the member ${JSON.stringify(name)}`);
        },
      );
      const width = shape[1] ?? 0;
      if (shape.length !== 2 || shape[0] !== given.length || (classes !== 0 && width !== classes)) {
        throw new KdError({
          code: 'KD_TEACHER_OUTPUT',
          where,
          argument: `the answer of member ${JSON.stringify(name)}`,
          expected: `of shape ${describeShape([given.length, classes === 0 ? null : classes])}`,
          received: describeShape(shape),
          remedy: 'Give all members the same classes, for example with alignClasses.',
        });
      }
      classes = width;
      checkLabels(where, target, right, classes);
      parts[index]?.push(keep(rowsOf(values, width, counted.rows), right, classes));
    }
    labels.push(...right);
    weights.push(...counted.weights);
  };
  for await (const batch of readOnce(where, 'data', data, batchSize ?? 256)) {
    await askAbout(batch).finally(() => {
      dispose(tensorsOfBatch(batch));
    });
  }
  if (labels.length === 0) throw empty(where, 'data', 'data with at least one held-out example that counts');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const names = entries.map(([name]) => name);
  return { names, classes, labels, shares, logProbabilities: parts.map(joined) };
}

function rowsOf(values: Float32Array, width: number, rows: readonly number[]): Float32Array {
  if (rows.length * width === values.length) return values;
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, position) => {
    taken.set(values.subarray(row * width, (row + 1) * width), position * width);
  });
  return taken;
}

function joined(parts: readonly Float32Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

function empty(where: string, argument: string, expected: string): KdError {
  const remedy = 'Pass teachers by name, and data with inputs and labels.';
  return new KdError({ code: 'KD_BATCH_EMPTY', where, argument, expected, received: 'none', remedy });
}
