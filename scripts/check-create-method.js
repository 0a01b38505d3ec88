// Does what an author does with `npm create @kd/method`, from packed tarballs: writes a package of each kind,
// installs its dependencies, tests and builds it, each with another package manager, and looks at what it
// would publish. `npm run check:create-method -- --all` tries each kind with each package manager.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { managersIn } from './lib/managers.js';
import { build, pack, temporaryFolder } from './lib/pack.js';
import { ownDependencies, packages } from './lib/packages.js';
import { install, makeProject } from './lib/project.js';
import { run } from './lib/run.js';

const creator = packages.find(({ short }) => short === 'create-method');
const needed = withDependencies([...Object.keys(creator.manifest.devDependencies), creator.name]);
const kinds = ['features', 'logits', 'module'];

build(needed);
const folder = temporaryFolder();
try {
  const packed = await pack(needed, folder);
  const managers = await managersIn(folder);
  const project = join(folder, 'project');
  makeProject(project);
  const tarballs = [creator, ...ownDependencies(creator)].map(({ name }) => packed.get(name).tarball);
  await install(project, tarballs, []);
  const tries = process.argv.includes('--all')
    ? kinds.flatMap((kind) => managers.map((manager) => [kind, manager]))
    : kinds.map((kind, place) => [kind, managers[place % managers.length]]);
  for (const [kind, manager] of tries) {
    const start = performance.now();
    const faults = await faultsOf(project, `@me/kd-${manager.name}-${kind}-loss`, kind, manager, packed);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAULTY'} ${kind} with ${manager.name} (${seconds} s)`);
    for (const fault of faults) console.log(`       ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What goes wrong when an author starts a package and publishes it. */
async function faultsOf(project, name, kind, manager, packed) {
  try {
    // As `npm create @kd/method` does, but from the installed package.
    await run('npm', ['create', '--no', '--offline', '@kd/method', name, '--', '--kind', kind], {
      cwd: project,
    });
    const cwd = join(project, name.split('/')[1]);
    useTarballs(join(cwd, 'package.json'), packed);
    await manager.run(['install'], cwd);
    const tested = await manager.run(['test'], cwd);
    await manager.run(['run', 'build'], cwd);
    return [
      /\bfail 0\b/.test(tested) && !/\bpass 0\b/.test(tested) ? [] : `The tests printed ${tested}`,
      packFaults(await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd })),
    ].flat();
  } catch (error) {
    return [error.message];
  }
}

/** Names the tarballs in a package.json, in the place of versions that are not published yet. */
function useTarballs(file, packed) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const tarballs = Object.fromEntries([...packed].map(([name, { tarball }]) => [name, `file:${tarball}`]));
  for (const name of Object.keys(manifest.devDependencies))
    manifest.devDependencies[name] = tarballs[name] ?? manifest.devDependencies[name];
  // The dependencies of dependencies, in the words of npm, pnpm and yarn.
  Object.assign(manifest, { overrides: tarballs, pnpm: { overrides: tarballs }, resolutions: tarballs });
  writeFileSync(file, JSON.stringify(manifest));
}

function packFaults(json) {
  const paths = JSON.parse(json)[0].files.map(({ path }) => path);
  const missing = [
    'dist/index.js',
    'dist/index.d.ts',
    'src/index.ts',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
  ];
  return [
    ...missing.filter((path) => !paths.includes(path)).map((path) => `${path} would not be published.`),
    ...paths.filter((path) => path.includes('.test.')).map((path) => `${path} would be published.`),
  ];
}

/** The packages of these names, and those of this repository on which they depend. */
function withDependencies(names) {
  const named = packages.filter(({ name }) => names.includes(name));
  return packages.filter((pkg) => named.some((one) => one === pkg || ownDependencies(one).includes(pkg)));
}
