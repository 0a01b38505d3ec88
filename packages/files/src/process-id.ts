import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { codeOf } from './describe-fault.js';

/** A process on some machine, distinguishable from earlier and later processes with the same number. */
export interface ProcessId {
  readonly host: string;
  readonly pid: number;
  /**
   * Clock ticks between the start of the machine and the start of the process; absent if the system does not
   * report it.
   */
  readonly started?: string | undefined;
  /** Identifies the start of the machine; absent if the system does not report it. */
  readonly boot?: string | undefined;
}

/**
 * The current process.
 *
 * @returns its machine and number, and on Linux its start time
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
 * Whether a process has certainly ended.
 *
 * It looks only at the process table, never at time or responses: a stopped or busy process counts as alive,
 * however long it takes.
 *
 * @param id the process, as returned by `thisProcess`
 * @returns false for a live process, and for any process on another machine, as those are not visible from
 *   here
 */
export async function isGone({ host, pid, started, boot }: ProcessId): Promise<boolean> {
  if (host !== hostname()) return false;
  const ownBoot = await bootId();
  if (boot !== undefined && ownBoot !== undefined && boot !== ownBoot) return true;
  if (!hasNumber(pid)) return true;
  const entry = await tableEntry(pid);
  if (entry === undefined) return false;
  // A dead process keeps its number until its parent collects it. The first process of a container may never
  // do that.
  if (entry.state === 'Z' || entry.state === 'X') return true;
  // In a container, a restarted process has the number of the killed one.
  return started !== undefined && entry.started !== started;
}

/** Whether any process on this machine has this number. */
function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** What Linux reports about a process: its state and start time. */
async function tableEntry(pid: number): Promise<{ state: string; started: string } | undefined> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
  // The program's name comes second, in parentheses, and may itself contain blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

async function bootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return text.trim() || undefined;
}
