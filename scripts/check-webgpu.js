// Trains on WebGPU under Node, in a project where the packages are installed from their tarballs, and compares with cpu.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './browser/find-chromium.js';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { packages } from './lib/packages.js';
import { install, makeProject } from './lib/project.js';
import { run } from './lib/run.js';
import { softwareDriver } from './webgpu/software-driver.js';

const tfjs = ['core', 'layers', 'backend-cpu'].map((name) => `@tensorflow/tfjs-${name}`);
const ofWebGpu = ['@tensorflow/tfjs-backend-webgpu@4.22.0', 'webgpu@0.6.2'];
const largestDifference = 1e-3;

build(packages);
const folder = temporaryFolder();
try {
  const project = join(folder, 'project');
  makeProject(project);
  const packed = await pack(packages, folder);
  const tarballs = [...packed.values()].map(({ tarball }) => tarball);
  await install(project, [...tarballs, ...ofWebGpu], tfjs);
  for (const file of [
    'browser/page/distil.js',
    'browser/page/images.js',
    'browser/page/net.js',
    'webgpu/compare.js',
  ]) {
    copyFileSync(new URL(file, import.meta.url), join(project, file.split('/').at(-1)));
  }
  const env = { ...process.env, ...softwareDriver(findChromium()) };
  process.exitCode = isInOrder(
    await run(process.execPath, ['compare.js'], { cwd: project, env, timeout: 600_000 }),
  )
    ? 0
    : 1;
} catch (error) {
  if (!error.message.includes('no adapter')) throw error;
  console.log(
    'skipped: no adapter for WebGPU; Debian: apt-get install chromium, which brings one in software',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function isInOrder(output) {
  const { device, difference, losses, tensors } = JSON.parse(output.trim().split('\n').at(-1));
  const faults = [
    difference <= largestDifference ? [] : `the losses differ from those of cpu by ${difference}, relatively`,
    tensors === 0 ? [] : `${tensors} tensors are left`,
  ].flat();
  console.log(
    `${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${device}: losses ${losses.map((loss) => loss.toFixed(3)).join(' ')}`,
  );
  console.log(`       largest relative difference from cpu ${difference.toExponential(1)}`);
  for (const fault of faults) console.log(`       ${fault}`);
  return faults.length === 0;
}
