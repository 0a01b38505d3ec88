// Installations by the command, with programs on the PATH that only seem to be Python and a compiler.
import { execFile, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  readdir,
  readlink,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callsOf, compilerWith, fakeProgram, pythonWith, wheelName } from '../test/fake-programs.js';
import { entryName, fakeProject, fakeTfjsNode } from '../test/fake-project.js';
import type { FakeProject } from '../test/fake-project.js';

const pinned = fileURLToPath(new URL('../test/install.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
// Until the command is killed.
const forever = `const parent = process.ppid;
while (process.ppid === parent) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
process.exit(1);`;

let project: FakeProject;
beforeEach(async () => {
  project = await fakeProject();
});
afterEach(async () => {
  await rm(project.folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly output: string; readonly errors: string }>;
}

function start(more: NodeJS.ProcessEnv = {}): Run {
  const { folder, programs, wheel } = project;
  const args = ['--conditions=@kd/source', '--import', tsx, pinned, wheel];
  const env = { PATH: programs, XDG_CACHE_HOME: join(folder, 'caches'), ...more };
  let end: (ending: { output: string; errors: string }) => void = () => undefined;
  const ended: Run['ended'] = new Promise((resolve) => {
    end = resolve;
  });
  const child = execFile(process.execPath, args, { cwd: folder, env }, (_, output, errors) => {
    end({ output, errors });
  });
  return { child, ended };
}

/**
 * Starts the command and kills it in a call of a program: before, Python is asked for its version, the
 * compiler tried too.
 */
async function killedIn(program: string, call: number): Promise<void> {
  const { child, ended } = start();
  while ((await callsOf(project.programs, program)).length < call) await setTimeout(50);
  child.kill('SIGKILL');
  await ended;
}

// There is one on most machines; those without test nothing of it.
const realPython = ['/usr/bin/python3', '/usr/local/bin/python3'].find(
  (program) => spawnSync(program, ['-I', '-m', 'pip', '--version']).status === 0,
);
/** Puts the Python of the machine in place of the seeming one. */
async function useRealPython(): Promise<void> {
  const program = join(project.programs, 'python3');
  await writeFile(program, `#!/bin/sh\nexec ${String(realPython)} "$@"\n`);
  await chmod(program, 0o755);
}

const unpacking = 'Unpacking tensorflow-cpu ...\n';
const building = 'Building @tensorflow/tfjs-node 4.22.0 ...\n';
const checking = 'Checking the cache ...\n';
const linking = 'Linking @tensorflow/tfjs-node ...\n';

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('@kd/native install', () => {
  it('downloads, builds, links and tests; after another npm install only links and tests', async () => {
    const { tfjs, cache, programs, folder } = project;
    const { output, errors } = await start().ended;
    expect(errors).toBe(`Downloading tensorflow-cpu==2.21.0 ...\n${unpacking}${building}${linking}`);
    expect(output).toMatch(
      /^@tensorflow\/tfjs-node 4\.22\.0 computes with TensorFlow 2\.21\.0 on the processor \([\d.]+ s\)\.\n$/,
    );
    expect(await readlink(join(tfjs, 'deps'))).toBe(join(cache, entryName, 'deps'));

    await rm(tfjs, { recursive: true });
    await fakeTfjsNode(folder);
    expect((await start().ended).errors).toBe(checking + linking);
    expect(await callsOf(programs, 'python3')).toHaveLength(2);
  });

  it('continues after a killed download, and leaves nothing of it', async () => {
    const { programs, cache, wheel } = project;
    await fakeProgram(programs, 'python3', pythonWith(wheel, forever));
    await killedIn('python3', 2);
    expect(await readdir(cache)).toEqual([expect.stringContaining(`${entryName}.partial-`)]);
    await fakeProgram(programs, 'python3', pythonWith(wheel));
    expect((await start().ended).output).toContain('computes with TensorFlow');
    expect(await readdir(cache)).toEqual([entryName]);
  });

  it('continues after a killed build, without a download', async () => {
    const { programs, cache } = project;
    await fakeProgram(programs, 'g++', compilerWith(forever));
    await killedIn('g++', 3);
    await fakeProgram(programs, 'g++', compilerWith());
    expect((await start().ended).errors).toBe(
      `Checking tensorflow-cpu ...\n${unpacking}${building}${linking}`,
    );
    expect(await readdir(cache)).toEqual([entryName]);
  });

  it('ends at once on Ctrl-C while it checks the cache, and leaves the cache unchanged', async () => {
    const { cache } = project;
    await start().ended;
    const entry = join(cache, entryName);
    const library = join(entry, 'deps/lib/libtensorflow_cc.so.2');
    // So large that its hash takes a minute, and yet without a byte on the disk.
    const bytes = 2 ** 36;
    await truncate(library, bytes);
    const manifest = JSON.parse(await readFile(join(entry, 'manifest.json'), 'utf8')) as {
      files: Record<string, { bytes: number }>;
    };
    Object.assign(manifest.files['deps/lib/libtensorflow_cc.so.2'] ?? {}, { bytes });
    await writeFile(join(entry, 'manifest.json'), JSON.stringify(manifest));
    const { child, ended } = start();
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGINT');
    const sent = performance.now();
    expect((await ended).errors).toBe(checking);
    expect(child.signalCode).toBe('SIGINT');
    expect(performance.now() - sent).toBeLessThan(5000);
    expect(await readdir(cache)).toEqual([entryName]);
    await truncate(library, 1);
    expect((await start().ended).output).toContain('computes with TensorFlow');
  });

  it.skipIf(realPython === undefined)('runs no program from the working directory', async () => {
    const { folder, programs, wheel } = project;
    await useRealPython();
    const planted = "open('executed', 'a').write(__name__ + ' ')\n";
    for (const module of ['pip', 'json', 'site', 'sitecustomize', 'usercustomize'])
      await writeFile(join(folder, `${module}.py`), planted);
    // What npx puts in front of the PATH, and what an empty entry means.
    const bin = join(folder, 'node_modules/.bin');
    await mkdir(bin, { recursive: true });
    for (const place of [bin, folder])
      for (const name of ['g++', 'python3']) await fakeProgram(place, name, '');
    await mkdir(join(folder, 'wheels'));
    await copyFile(wheel, join(folder, 'wheels', wheelName));
    const variables = {
      PATH: `${bin}::.:${programs}`,
      PYTHONPATH: folder,
      PYTHONSTARTUP: join(folder, 'pip.py'),
      // The user's settings of pip are in force, relative paths too.
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: './wheels',
    };
    const { output, errors } = await start(variables).ended;
    expect(errors + output).toContain('computes with TensorFlow');
    expect(await readdir(folder)).not.toContain('executed');
    for (const place of [bin, folder])
      expect([await callsOf(place, 'python3'), await callsOf(place, 'g++')]).toEqual([[], []]);
  });

  it('works when two run at once', async () => {
    const endings = await Promise.all([start().ended, start().ended]);
    for (const { output, errors } of endings) expect(errors + output).toContain('computes with TensorFlow');
    expect(await readdir(project.cache)).toEqual([entryName]);
  });

  it('prints an error with its code', async () => {
    await rm(join(project.programs, 'g++'));
    const { output, errors } = await start().ended;
    expect(output).toBe('');
    expect(errors).toMatch(/^KD_COMPILER_MISSING: @kd\/native install: /);
  });
});
