import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What came of a process. */
export interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A script that runs in a process of its own. */
export interface RunningScript {
  readonly child: ChildProcess;
  readonly ending: Promise<Ending>;
  /** When a line is printed; rejects if the process ends before. */
  readonly printed: (line: string) => Promise<void>;
}

/** Starts a script with tsx; `onLine` is told the number of lines that were printed. */
export function startScript(
  script: URL,
  args: readonly string[],
  onLine: (lines: number, child: ChildProcess) => void = () => undefined,
): RunningScript {
  const node = [
    '--conditions=@kd/source',
    '--import',
    import.meta.resolve('tsx'),
    fileURLToPath(script),
    ...args,
  ];
  const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  const waiting = new Set<() => void>();
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    onLine(output.split('\n').length - 1, child);
    for (const look of waiting) look();
  });
  const ending = new Promise<Ending>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, output, errors });
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

/** Runs a script with tsx, and kills it once it has printed so many lines, if a number is given. */
export function runScript(
  script: URL,
  args: readonly string[],
  killAtLine: number = Infinity,
): Promise<Ending> {
  return startScript(script, args, (lines, child) => {
    if (lines >= killAtLine) child.kill('SIGKILL');
  }).ending;
}
