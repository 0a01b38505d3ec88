import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KdError } from '@kd/core';
import type { Settings } from './settings.js';
import type { Time, TimeRow } from './time.js';
import { damaged } from './work/digested-file.js';

/** What a run has given. */
export interface RunResult {
  readonly name: string;
  /** What it ran on. */
  readonly about: string;
  readonly losses: readonly number[];
  /** The SHA-256 of the weights at the end. */
  readonly digest: string;
  /** Their relative difference from those of the run that it is compared with. */
  readonly weights?: number;
  readonly testErrors: number;
}

/** All runs of a work so far. */
export interface Agreement {
  /** Tells works apart. */
  readonly key: string;
  readonly settings: Settings;
  readonly runs: readonly RunResult[];
}

/** The agreement in a file, undefined if there is none; throws `KD_FILE_READ` if it is damaged. */
export const readAgreement = (file: string): Promise<Agreement | undefined> => readJson(file, isAgreement);

/** The times in a file, undefined if there are none; throws `KD_FILE_READ` if it is damaged. */
export const readTime = (file: string): Promise<Time | undefined> => readJson(file, isTime);

/** Replaces a file of results at once. */
export async function saveJson(file: string, value: Agreement | Time): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Throws `KD_FILE_FOREIGN` if results belong to other weights, digits or settings. */
export function checkKey(file: string, found: string, key: string): void {
  if (found === key) return;
  throw new KdError({
    code: 'KD_FILE_FOREIGN',
    where: 'side-by-side',
    argument: JSON.stringify(file),
    expected: `results of the work ${key}`,
    received: `those of ${found}: of another teacher, or of other settings`,
    remedy: 'Choose another folder with --out, or move the file away.',
  });
}

async function readJson<Value>(file: string, isValid: (value: unknown) => value is Value) {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, `${String(text.length)} characters that do not parse`, cause);
  }
  if (isValid(value)) return value;
  throw damaged(file, 'JSON in which parts of results are missing');
}

function isAgreement(value: unknown): value is Agreement {
  const { key, settings, runs } = fieldsOf<Agreement>(value);
  const isRun = (run: unknown): boolean => {
    const { name, about, losses, digest, testErrors } = fieldsOf<RunResult>(run);
    const texts = [name, about, digest];
    return texts.every(isText) && areNumbers(losses, settings?.steps) && Number.isInteger(testErrors);
  };
  return isText(key) && Array.isArray(runs) && runs.every(isRun);
}

function isTime(value: unknown): value is Time {
  const { key, machine, amount, rows } = fieldsOf<Time>(value);
  const isRow = (row: unknown): boolean => {
    const { peer, rounds, peakBytes } = fieldsOf<TimeRow>(row);
    return isText(peer) && areNumbers(rounds, amount?.rounds) && Number.isFinite(peakBytes);
  };
  return isText(key) && isText(machine?.processor) && Array.isArray(rows) && rows.every(isRow);
}

const fieldsOf = <Value>(value: unknown): Partial<Value> => value ?? {};
const isText = (value: unknown): boolean => typeof value === 'string';
const areNumbers = (values: unknown, count: number | undefined): boolean =>
  Array.isArray(values) && values.length === count && values.every(Number.isFinite);
