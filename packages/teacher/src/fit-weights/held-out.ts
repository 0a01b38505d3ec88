import {
  checkTensor,
  conventions,
  describeShape,
  describeValue,
  KdError,
  tensorsOfAnswer,
  tensorsOfBatch,
} from '@kd/core';
import type { Batch, Convention, OutputInfo, Teacher, TeacherMember } from '@kd/core';
import { checkBatchSize, checkData, readOnce } from '@kd/data';
import type { Data } from '@kd/data';
import { add, dispose, exp, log, logSoftmax, logSumExp, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { chooseOutput } from '../outputs/wanted.js';
import { checkTeacher } from '../teacher-like.js';
import { countedRows } from './counted-rows.js';

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
      const { values, shape } = await logProbabilitiesOf(member, batch, outputs[index] as AskedOutput);
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

/** An output of a member. */
interface AskedOutput {
  readonly name: string;
  readonly convention: Convention;
}

async function askedOutput(
  where: string,
  member: string,
  teacher: Teacher,
  chosen: string | undefined,
): Promise<AskedOutput> {
  const { outputs } = await teacher.describe({ taps: [] });
  const argument = chosen === undefined ? 'options.output' : `the output of member ${JSON.stringify(member)}`;
  const name = chooseOutput(where, argument, chosen, outputs);
  const { convention } = outputs[name] as OutputInfo;
  if (conventions[convention].family === 'classes') return { name, convention };
  throw new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: `member ${JSON.stringify(member)}`,
    expected: 'a teacher with logits or probabilities of classes',
    received: convention,
    remedy:
      'Choose the weights for other outputs by hand: they can be fitted only if exactly one class is right.',
  });
}

async function logProbabilitiesOf(
  teacher: Teacher,
  batch: Batch,
  { name, convention }: AskedOutput,
): Promise<{ values: Float32Array; shape: number[] }> {
  const answer = await teacher.predict(batch, { outputs: [name], taps: [] });
  try {
    const mixed = tidy(() => mixture(answer.members, name, convention));
    const [values, shape] = [(await mixed.data()) as Float32Array, mixed.shape];
    dispose(mixed);
    return { values, shape };
  } finally {
    dispose(tensorsOfAnswer(answer));
  }
}

/** An ensemble among the members counts as one teacher: the mixture of its members. */
function mixture(members: readonly TeacherMember[], name: string, convention: Convention): Tensor {
  const areLogits = conventions[convention].scale === 'logits';
  const logarithms = members
    .filter(({ weight }) => weight > 0)
    .map(({ outputs, weight }) => {
      const output = outputs[name] as Tensor;
      return add(areLogits ? logSoftmax(output) : log(output), Math.log(weight));
    });
  const [only] = logarithms;
  if (logarithms.length === 1 && only !== undefined) return only;
  // The logarithm of zero is minus infinity, and logSumExp turns that into NaN if all members have it.
  return areLogits
    ? logSumExp(stack(logarithms), 0)
    : log(logarithms.map((each) => exp(each)).reduce((sum, each) => add(sum, each)));
}

async function labelsOf(where: string, { targets }: Batch, target: string): Promise<number[]> {
  const labels = targets?.[target];
  const argument = `batch.targets.${target}`;
  checkTensor(where, argument, labels);
  if (labels.rank === 1) return Array.from(await labels.data());
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: 'class ids of shape [B]',
    received: describeShape(labels.shape),
    remedy:
      'Pass the id of the right class of each example. Convert one-hot labels with tf.argMax(labels, -1).',
  });
}

function checkLabels(where: string, target: string, labels: readonly number[], classes: number): void {
  const wrong = labels.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong === undefined) return;
  throw new KdError({
    code: 'KD_LABEL_RANGE',
    where,
    argument: `batch.targets.${target}`,
    expected: `whole numbers from 0 to ${String(classes - 1)}`,
    received: describeValue(wrong),
    remedy: 'Remove examples without a label from the held-out set, or mark them with 0 in `labelled`.',
  });
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
