import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Those of `npm run check:webgpu`. Nothing else here needs them, and they weigh 160 MB.
const packages = ['@tensorflow/tfjs-backend-webgpu@4.22.0', 'webgpu@0.6.2'];

/** Makes a folder a project that has the packages of WebGPU, and finds the others in the repository. */
export async function installWebGpu(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'bench-gpu', private: true, type: 'module' }),
  );
  const isThere = await access(join(folder, 'node_modules/webgpu/index.js')).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  console.log('Installing WebGPU for Node ...');
  // Without peers: a second copy of tfjs would be another engine.
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  await run('npm', ['install', ...flags, '--no-save', ...packages], { cwd: folder });
}
