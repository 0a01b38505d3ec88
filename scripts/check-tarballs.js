// Installs each package like a user, from its tarball into an empty project, and uses it there, in Node,
// also by `require`, and in a Vite bundle. `npm run check:tarballs -- core teacher` checks only these two.
import { copyFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bundle } from './lib/bundle.js';
import { compileCommonJs, writeCommonJs } from './lib/commonjs.js';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { ownDependencies, packages, selectedPackages } from './lib/packages.js';
import { install, makeProject } from './lib/project.js';
import { run } from './lib/run.js';
import { peersToInstall, smokeFaults, smokesOf } from './lib/smoke.js';

const browser = new URL('lib/as-in-a-browser.js', import.meta.url).href;
const selected = selectedPackages();
build(selected);
const folder = temporaryFolder();
try {
  const needed = packages.filter((pkg) =>
    selected.some((one) => one === pkg || ownDependencies(one).includes(pkg)),
  );
  const packed = await pack(needed, folder);
  let faulty = 0;
  const check = async (pkg) => {
    const start = performance.now();
    const faults = await faultsOf(pkg, packed);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${pkg.name} (${seconds} s)`);
    for (const fault of faults) console.log(`       ${fault}`);
    if (faults.length > 0) faulty += 1;
  };
  // Several installations at a time, because npm mostly uses one processor or waits for the disk.
  const waiting = [...selected];
  const work = async () => {
    for (let pkg = waiting.shift(); pkg !== undefined; pkg = waiting.shift()) await check(pkg);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  console.log(`${selected.length - faulty} of ${selected.length} packages work when installed alone.`);
  process.exitCode = faulty === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function faultsOf(pkg, packed) {
  const smokes = smokesOf(pkg);
  const faults = smokeFaults(pkg, smokes);
  if (faults.length > 0) return faults;
  const project = join(folder, pkg.short);
  makeProject(project);
  for (const { path, file } of smokes) copyFileSync(path, join(project, file));
  try {
    const tarballs = [pkg, ...ownDependencies(pkg)].map(({ name }) => packed.get(name).tarball);
    await install(project, tarballs, peersToInstall(pkg, smokes));
    for (const { file, bundled } of smokes) {
      await works([file], project);
      if (bundled) await works(['--import', browser, await bundle(project, file)], project);
    }
    if (smokes.length > 0) await works([writeCommonJs(pkg, project)], project);
    // For one package, because the result depends on what all of them have in common.
    if (pkg.short === 'trainer') await works([await compileCommonJs(pkg, project)], project);
    if (pkg.manifest.bin !== undefined) await commandWorks(pkg, project);
    return [];
  } catch (error) {
    return [error.message];
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** Runs a smoke test; its last output shows that it reached its end. */
async function works(args, project) {
  const output = await run(process.execPath, args, { cwd: project, timeout: 120_000 });
  if (output.trim() !== 'works')
    throw new Error(`node ${args.join(' ')} must print "works", but printed "${output}".`);
}

/**
 * Runs a package's command as documented. Given the package name, npx runs its only command, from the
 * installed package. Given the command's name, it would fetch any package of that name if ours were not
 * installed.
 */
async function commandWorks({ name, manifest }, project) {
  if (Object.keys(manifest.bin).length !== 1)
    throw new Error(`npx ${name} needs a package with one command.`);
  const output = await run('npx', ['--no', '--offline', name, '--help'], { cwd: project, timeout: 120_000 });
  if (!output.startsWith(`Usage: npx ${name} `))
    throw new Error(`npx ${name} --help must print its usage, but printed "${output}".`);
}
