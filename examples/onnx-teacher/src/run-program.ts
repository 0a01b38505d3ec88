import { spawn } from 'node:child_process';

/** What a program has come to: its exit code, none where it did not start or was killed, and all that it printed. */
export interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** Runs a program to its end. */
export function runProgram(program: string, flags: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', ({ message }) => {
      resolve({ code: null, text: message });
    });
    child.on('close', (code) => {
      resolve({ code, text: Buffer.concat(chunks).toString() });
    });
  });
}
