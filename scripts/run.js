// Installs missing dependencies, then runs a TypeScript program of this repository from its sources, or a
// tool by name: `node scripts/run.js benchmarks/quickstart/src/main.ts --seeds 1`,
// `node scripts/run.js vitest run`.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import './install-if-missing.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program = '', ...given] = process.argv.slice(2);
const child = program.endsWith('.ts')
  ? spawn(process.execPath, ['--conditions=@kd/source', '--import', 'tsx', program, ...given], {
      cwd: root,
      stdio: 'inherit',
    })
  : // On Windows, tools are .cmd files, which only a shell finds.
    spawn(program, given, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });

// Ctrl-C reaches the program too, so let it end by itself.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', ({ message }) => {
  console.error(`${program} cannot be started: ${message}. Run it through npm, which knows where tools are.`);
  process.exit(1);
});
child.on('close', (code, signal) => {
  process.exit(code ?? 128 + constants.signals[signal]);
});
