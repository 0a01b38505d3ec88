import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Report } from './report.js';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
// Loading the packages takes longer than any call.
const longestStart = 60_000;
const longestCall = 5_000;

export interface Runs {
  readonly calls: number;
  readonly of: number;
  readonly faults: readonly Report[];
}

/** Runs the plan until the time is up, in a new process after each call that hangs or ends the process. */
export async function runWorkers(seed: number, until: number, only: string): Promise<Runs> {
  const faults: Report[] = [];
  let last: Report = { index: -1, of: 0, name: 'the start' };
  let calls = 0;
  for (;;) {
    const start = last.index + 1;
    const reason = await runWorker([seed, start, until, only], (report) => {
      if (report.fault === undefined) last = report;
      else faults.push(report);
    });
    calls = last.index;
    if (last.name === 'end' && reason === undefined) break;
    faults.push({ ...last, fault: reason ?? 'ended the process' });
    if (last.index < start) break; // It did not even start.
  }
  return { calls, of: last.of, faults };
}

/** Resolves with what ended the worker before its end. */
async function runWorker(
  args: readonly (number | string)[],
  onReport: (report: Report) => void,
): Promise<string | undefined> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=@kd/source', '--import', 'tsx', worker, ...args.map(String)],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-2000)));
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  let timer = setTimeout(kill, longestStart);
  createInterface(child.stdio[3] as Readable).on('line', (line) => {
    clearTimeout(timer);
    timer = setTimeout(kill, longestCall);
    onReport(JSON.parse(line) as Report);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  if (child.signalCode === 'SIGKILL') return 'took more than 5 s';
  return code === 0 ? undefined : `ended the process: ${errors.trim().split('\n').at(-1) ?? ''}`;
}
