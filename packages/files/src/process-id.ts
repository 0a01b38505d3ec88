import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { codeOf } from './describe-fault.js';

/** A process of some machine, told from earlier and later ones that have its number. */
export interface ProcessId {
  readonly host: string;
  readonly pid: number;
  /** Clock ticks from the start of the machine to that of the process; absent where the system does not tell. */
  readonly started?: string | undefined;
  /** Which start of the machine; absent where the system does not tell. */
  readonly boot?: string | undefined;
}

/**
 * The process that runs this.
 *
 * @returns its machine and number, and on Linux when it started
 *
 * @example
 * ```ts
 * import { isGone, thisProcess } from '@kd/files';
 * const { host, pid } = await thisProcess();
 * console.log(pid === process.pid, await isGone({ host, pid }), await isGone({ host, pid: 2 ** 22 + 1 }));
 * // true false true
 * ```
 */
export async function thisProcess(): Promise<ProcessId> {
  const [entry, boot] = await Promise.all([tableEntry(process.pid), bootId()]);
  return { host: hostname(), pid: process.pid, started: entry?.started, boot };
}

/**
 * Whether a process has ended for certain.
 *
 * Neither time nor answers count, only the process table: one that is stopped or busy is there, however long it takes.
 *
 * @param id the process, as `thisProcess` described it
 * @returns false for a process that is there, and for all of other machines, which cannot be seen from here
 */
export async function isGone({ host, pid, started, boot }: ProcessId): Promise<boolean> {
  if (host !== hostname()) return false;
  const ownBoot = await bootId();
  if (boot !== undefined && ownBoot !== undefined && boot !== ownBoot) return true;
  if (!hasNumber(pid)) return true;
  const entry = await tableEntry(pid);
  if (entry === undefined) return false;
  // A dead process keeps its number until its parent asks for it, which the first process of a container may never do.
  if (entry.state === 'Z' || entry.state === 'X') return true;
  // In a container the process that is started again has the number of the killed one.
  return started !== undefined && entry.started !== started;
}

/** Whether some process of this machine has a number. */
function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** What Linux knows of a process: its state, and when it started. */
async function tableEntry(pid: number): Promise<{ state: string; started: string } | undefined> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
  // The name of the program comes second, in parentheses, and may contain both blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

async function bootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return text.trim() || undefined;
}
