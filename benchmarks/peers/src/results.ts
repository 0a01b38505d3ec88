import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeResult } from '@kd-benchmarks/shared';
import type { CostOfSoftTargets, PairedAmount } from './cost-of-soft-targets.js';
import type { Isa } from './isa.js';
import type { Machine } from './machine.js';
import type { MemoryOfWork } from './memory.js';
import type { Row } from './row.js';
import type { Amount } from './time-rounds.js';

/** Where and how a result was measured. */
interface Measured<Settings> {
  readonly machine: Machine;
  readonly settings: Settings;
}

/** The files of a folder of results. Tables with and without restrictions are never in one file. */
export interface Results {
  readonly unrestricted: RowsResult;
  readonly avx2: RowsResult;
  readonly 'soft-targets': SoftTargetsResult;
  readonly 'soft-targets-avx2': SoftTargetsResult;
  readonly memory: MemoryResult;
}

export interface RowsResult extends Measured<Amount & { readonly warmUp: number }> {
  readonly isa: Isa;
  /** What each peer runs on. */
  readonly about: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

export interface SoftTargetsResult extends Measured<PairedAmount> {
  readonly isa: Isa;
  readonly costs: readonly CostOfSoftTargets[];
}

export interface MemoryResult extends Measured<{ readonly steps: number }> {
  readonly works: readonly MemoryOfWork[];
}

/** Reads a result; undefined if there is none. */
export async function readResult<Name extends keyof Results>(
  folder: string,
  name: Name,
): Promise<Results[Name] | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Results[Name];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a result. */
export function saveResult<Name extends keyof Results>(
  folder: string,
  name: Name,
  result: Results[Name],
): Promise<void> {
  return writeResult(join(folder, `${name}.json`), result);
}
