// Trains on WebGPU under Node, in a project with the packages installed from their tarballs, and compares
// with cpu.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './browser/find-chromium.js';
import { isInOrder } from './lib/comparison.js';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { packages } from './lib/packages.js';
import { install, makeProject } from './lib/project.js';
import { run } from './lib/run.js';
import { softwareDriver } from './webgpu/software-driver.js';

const tfjs = ['core', 'layers', 'backend-cpu'].map((name) => `@tensorflow/tfjs-${name}`);
const ofWebGpu = ['@tensorflow/tfjs-backend-webgpu@4.22.0', 'webgpu@0.6.2'];

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
    'skipped: no adapter for WebGPU; on Debian, apt-get install chromium provides a software adapter',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
