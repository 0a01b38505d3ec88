import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { extname } from 'node:path';
import process from 'node:process';
import { askProcess } from '../own-process.js';
import type { BackendName } from '../select-backend/backend-name.js';
import { remedyFor } from './remedy.js';
import type { TrialOutcome } from './trial.js';

/** The findings about one backend. */
export interface BackendReport {
  readonly name: BackendName;
  /** Whether it started and trained. */
  readonly trains: boolean;
  readonly package?: string;
  readonly version?: string;
  readonly device?: string;
  readonly stepsPerSecond?: number;
  /** Why it does not train. */
  readonly reason?: string;
  /** A command or another remedy. */
  readonly remedy?: string;
}

/** The means a machine has for training. */
export interface DoctorReport {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly processors: number;
  /** Versions of the tfjs packages; null for packages that are not installed. */
  readonly tfjs: Readonly<Record<string, string | null>>;
  /** In the order in which `selectBackend` tries them. */
  readonly backends: readonly BackendReport[];
}

// One second of training; the rest is for loading libraries and drivers.
const secondsForTrial = 45;
const names: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];

/** Tries every backend in a separate process, so that a crash does not affect the others. */
export async function examine(onTrial: (name: BackendName) => void = () => undefined): Promise<DoctorReport> {
  const backends: BackendReport[] = [];
  for (const name of names) {
    onTrial(name);
    backends.push(reportOf(name, await tried(name)));
  }
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    tfjs: Object.fromEntries(['core', 'layers'].map((part) => [part, versionOf(`@tensorflow/tfjs-${part}`)])),
    backends,
  };
}

function reportOf(name: BackendName, outcome: TrialOutcome): BackendReport {
  if ('reason' in outcome)
    return { name, trains: false, reason: outcome.reason, remedy: remedyFor(name, outcome.reason) };
  const version = versionOf(outcome.package);
  return { name, trains: true, ...outcome, ...(version === null ? {} : { version }) };
}

async function tried(name: BackendName): Promise<TrialOutcome> {
  const script = new URL(`trial${extname(import.meta.url)}`, import.meta.url);
  const outcome = await askProcess<TrialOutcome>(script, [name], secondsForTrial);
  return 'answer' in outcome ? outcome.answer : { reason: outcome.ended };
}

function versionOf(name: string): string | null {
  try {
    const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
    return version;
  } catch {
    return null;
  }
}
