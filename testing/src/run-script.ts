import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { basename, dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from './bundle-program.js';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** A script that runs in a separate process. */
export interface RunningScript {
  readonly child: ChildProcess;
  readonly ending: Promise<Ending>;
  /** Resolves when a line is printed; rejects if the process ends first. */
  readonly printed: (line: string) => Promise<void>;
}

/** Receives all lines that a process has printed so far, each time it prints. */
export type OnLines = (lines: readonly string[], child: ChildProcess) => void;

/** Starts a program, a TypeScript module, in a folder from which its imports are resolved too. */
export async function startProgram(
  program: string,
  folder: string,
  args: readonly string[] = [],
  onLines: OnLines = () => undefined,
): Promise<RunningScript> {
  const code = await bundleProgram(program, folder);
  const child = spawn(process.execPath, ['--input-type=module', '-', ...args], { cwd: folder });
  // The process may be killed before it has read its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(code);
  let [output, errors] = ['', ''];
  const waiting = new Set<() => void>();
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    onLines(output.split('\n').slice(0, -1), child);
    for (const look of waiting) look();
  });
  const ending = new Promise<Ending>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal, output, errors });
    });
  });
  const printed = (line: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.split('\n').includes(line)) resolve();
      };
      waiting.add(look);
      void ending.then(() => {
        reject(new Error(`ended without "${line}": ${output}${errors}`));
      });
      look();
    });
  return { child, ending, printed };
}

/** Starts a script, in its folder. */
export function startScript(
  script: URL,
  args: readonly string[] = [],
  onLines?: OnLines,
): Promise<RunningScript> {
  const path = fileURLToPath(script);
  return startProgram(`import './${basename(path)}';`, dirname(path), args, onLines);
}

/** Runs a script to its end. */
export async function runScript(
  script: URL,
  args: readonly string[] = [],
  onLines?: OnLines,
): Promise<Ending> {
  return (await startScript(script, args, onLines)).ending;
}
