import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * Runs Node with some flags in a folder, sends it Ctrl-C or another signal once when a line appears, and
 * returns its exit code and output.
 */
export async function interruptAt(
  line: string,
  flags: readonly string[],
  cwd: string = process.cwd(),
  signal: NodeJS.Signals = 'SIGINT',
): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, flags, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let interrupted = false;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // Only once, because a second Ctrl-C ends the process without saving.
    if (interrupted || !text.includes(line)) return;
    interrupted = true;
    child.kill(signal);
  });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { code, text };
}
