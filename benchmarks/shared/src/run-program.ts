import { spawn } from 'node:child_process';

/**
 * The result of a program: its exit code (null if it did not start or was killed), and everything that it
 * printed.
 */
export interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/**
 * Runs a program until it ends. If the signal aborts, it stops the program and throws the signal's reason.
 */
export async function runProgram(
  program: string,
  flags: readonly string[],
  signal: AbortSignal,
): Promise<Ended> {
  const ended = await new Promise<Ended>((resolve) => {
    const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'], signal });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', ({ message }) => {
      // After an abort, the program still has to end.
      if (child.pid === undefined) resolve({ code: null, text: message });
    });
    child.on('close', (code) => {
      resolve({ code, text: Buffer.concat(chunks).toString() });
    });
  });
  signal.throwIfAborted();
  return ended;
}
