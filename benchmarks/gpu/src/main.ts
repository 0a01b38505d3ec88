// Compiles the benchmark and runs it here, or packs it for a machine without network: npm run bench:gpu
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { buildPrograms } from './bundle/build-programs.js';
import { installWebGpu } from './bundle/install-web-gpu.js';
import { makeBundle } from './bundle/make-bundle.js';
import { root } from './bundle/root.js';
import { gpuCommand } from './run/options.js';

const { bundle, library } = gpuCommand()
  .option('--bundle <archive>', 'packs all that a run needs into a .tar.xz or .tar.gz, and runs nothing')
  .option('--library <files...>', 'shared libraries for the bundle, such as libvulkan.so.1', [])
  .parse(process.argv)
  .opts<{ readonly bundle?: string; readonly library: readonly string[] }>();

// Inside the repository, so that the programs find its packages, and tfjs-node-gpu if it is installed.
const folder = join(root, '.cache/bench-gpu');
await installWebGpu(folder);
const imported = await buildPrograms(folder);
if (bundle !== undefined) await makeBundle(bundle, folder, imported, library);
else {
  const run = spawn(process.execPath, [join(folder, 'programs/gpu.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.kill(signal));
  run.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
