import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What came of a process. */
export interface Ending {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a script of this folder with tsx, and kills it once it has printed so many lines, if a number is given. */
export async function runScript(
  script: string,
  args: readonly string[],
  killAtLine?: number,
): Promise<Ending> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const node = ['--conditions=@kd/source', '--import', import.meta.resolve('tsx'), file, ...args];
  const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > (killAtLine ?? Infinity)) child.kill('SIGKILL');
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output, errors };
}
