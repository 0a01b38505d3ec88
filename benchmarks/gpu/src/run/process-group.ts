import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import process from 'node:process';

const running = new Set<ChildProcess>();

/**
 * Starts a program with a process group, so that whatever it starts ends with it: a process that hangs in a
 * driver would keep the memory of the GPU. All groups end with this process.
 */
export function startGroup(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  if (running.size === 0) process.once('exit', killAll);
  const child = spawn(program, args, { stdio: 'pipe', detached: true, env: { ...process.env, ...env } });
  running.add(child);
  child.once('exit', () => {
    killGroup(child);
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  });
  return child;
}

/** Kills a program and all that it has started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

function killAll(): void {
  for (const child of running) killGroup(child);
}
