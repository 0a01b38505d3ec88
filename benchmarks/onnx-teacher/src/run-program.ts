import { spawn } from 'node:child_process';

/**
 * What a program has come to: its exit code, none where it did not start or was killed, and all that it
 * printed.
 */
export interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** Runs a program to its end, or to the abort of a signal, whose reason it then throws. */
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
      // One that was aborted is still to end.
      if (child.pid === undefined) resolve({ code: null, text: message });
    });
    child.on('close', (code) => {
      resolve({ code, text: Buffer.concat(chunks).toString() });
    });
  });
  signal.throwIfAborted();
  return ended;
}
