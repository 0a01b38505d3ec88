import { availableParallelism } from 'node:os';
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { BackendName } from '@kd/backend/node';
import { abortOnInterrupt } from '@kd/trainer/node';
import { printError } from './error-text.js';
import type { ExperimentFlags } from './flags.js';
import { processPool } from './process-pool.js';
import type { JobOutcome, PoolJob, ProcessPool } from './process-pool.js';
import { makeResultsFolder } from './results-folder.js';

/** What an experiment receives. */
export interface ExperimentTools<Job, Outcome> {
  readonly backend: BackendName;
  readonly pool: ProcessPool<Job, Outcome>;
  /**
   * Aborted by Ctrl-C and by SIGTERM. If the experiment throws the signal's reason, the program ends with
   * status 130 or 143 and no message.
   */
  readonly signal: AbortSignal;
  /** Seconds since the start. */
  readonly seconds: () => number;
}

/** What every experiment provides. */
export interface ExperimentOptions extends ExperimentFlags {
  /** The script of the pool's processes, which calls `serveJobs`. */
  readonly script: URL;
  /** What Ctrl-C does, in a sentence. */
  readonly onCtrlC: string;
}

/**
 * Runs the whole program of an experiment: creates its folder, chooses the backend, starts the pool of
 * `script`, ends the trainings at Ctrl-C, and prints errors as one line.
 */
export function runExperiment<Job extends PoolJob, Outcome extends JobOutcome>(
  options: ExperimentOptions,
  experiment: (tools: ExperimentTools<Job, Outcome>) => Promise<void>,
): void {
  run(options, experiment).catch(printError);
}

async function run<Job extends PoolJob, Outcome extends JobOutcome>(
  { out, backend: wanted, script, onCtrlC }: ExperimentOptions,
  experiment: (tools: ExperimentTools<Job, Outcome>) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  await makeResultsFolder(out);
  // This process only loads and saves; the pool's processes train.
  const backend = await selectBackend({ threads: 1, ...(wanted === undefined ? {} : { require: wanted }) });
  const cores = availableParallelism();
  const ownsTheDevice = backend.name === 'webgpu' || backend.device.startsWith('GPU');
  const size = ownsTheDevice ? 1 : Math.min(2, cores);
  const pool = processPool<Job, Outcome>(script, { size, threads: Math.max(1, Math.floor(cores / size)) });
  const interrupt = abortOnInterrupt();
  interrupt.signal.addEventListener('abort', pool.abort);
  console.log(`Backend: ${backend.package}. ${onCtrlC}`);
  try {
    const seconds = (): number => Math.round((performance.now() - started) / 1000);
    await experiment({ backend: backend.name, pool, signal: interrupt.signal, seconds });
  } catch (error) {
    if (!interrupt.signal.aborted || error !== interrupt.signal.reason) throw error;
    process.exitCode = 130;
  } finally {
    // Experiments know that they were interrupted, but not by which signal.
    if (process.exitCode === 130) process.exitCode = interrupt.exitStatus() ?? 130;
    interrupt.dispose();
    pool.close();
  }
}
