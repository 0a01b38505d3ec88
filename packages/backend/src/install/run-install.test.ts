// Installations by the command, with programs on the PATH that only seem to be Python and a compiler.
import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callsOf, compilerWith, fakeProgram, pythonWith } from '../../test/fake-programs.js';
import { entryName, fakeProject, fakeTfjsNode } from '../../test/fake-project.js';
import type { FakeProject } from '../../test/fake-project.js';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
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

function start(): Run {
  const { folder, programs } = project;
  const args = ['--conditions=@kd/source', '--import', tsx, cli, 'install'];
  const env = { PATH: programs, XDG_CACHE_HOME: join(folder, 'caches') };
  let end: (ending: { output: string; errors: string }) => void = () => undefined;
  const ended: Run['ended'] = new Promise((resolve) => {
    end = resolve;
  });
  const child = execFile(process.execPath, args, { cwd: folder, env }, (_, output, errors) => {
    end({ output, errors });
  });
  return { child, ended };
}

/** Starts the command and kills it when it has called a program a second time: the first time it asks for the version. */
async function killedIn(program: string): Promise<void> {
  const { child, ended } = start();
  while ((await callsOf(project.programs, program)).length < 2) await setTimeout(50);
  child.kill('SIGKILL');
  await ended;
}

const building = 'Building @tensorflow/tfjs-node 4.22.0 ...\n';
const linking = 'Linking @tensorflow/tfjs-node ...\n';

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('kd-backend install', () => {
  it('downloads, builds, links and tries; and after another npm install only links and tries', async () => {
    const { tfjs, cache, programs, folder } = project;
    const { output, errors } = await start().ended;
    expect(errors).toBe(
      `Downloading tensorflow-cpu==2.21.0 ...\nUnpacking tensorflow-cpu ...\n${building}${linking}`,
    );
    expect(output).toMatch(
      /^@tensorflow\/tfjs-node 4\.22\.0 computes with TensorFlow 2\.21\.0 on the processor \([\d.]+ s\)\.\n$/,
    );
    expect(await readlink(join(tfjs, 'deps'))).toBe(join(cache, entryName, 'deps'));

    await rm(tfjs, { recursive: true });
    await fakeTfjsNode(folder);
    expect((await start().ended).errors).toBe(linking);
    expect(await callsOf(programs, 'python3')).toHaveLength(2);
  });

  it('goes on after a download that was killed, and leaves nothing of it', async () => {
    const { programs, cache, wheel } = project;
    await fakeProgram(programs, 'python3', pythonWith(wheel, forever));
    await killedIn('python3');
    expect(await readdir(cache)).toEqual([expect.stringContaining(`${entryName}.partial-`)]);
    await fakeProgram(programs, 'python3', pythonWith(wheel));
    expect((await start().ended).output).toContain('computes with TensorFlow');
    expect(await readdir(cache)).toEqual([entryName]);
  });

  it('goes on after a build that was killed, without a download', async () => {
    const { programs, cache } = project;
    await fakeProgram(programs, 'g++', compilerWith(forever));
    await killedIn('g++');
    await fakeProgram(programs, 'g++', compilerWith());
    expect((await start().ended).errors).toBe(building + linking);
    expect(await readdir(cache)).toEqual([entryName]);
  });

  it('serves two at once', async () => {
    const endings = await Promise.all([start().ended, start().ended]);
    for (const { output, errors } of endings) expect(errors + output).toContain('computes with TensorFlow');
    expect(await readdir(project.cache)).toEqual([entryName]);
  });

  it('prints an error with its code', async () => {
    await rm(join(project.programs, 'g++'));
    const { output, errors } = await start().ended;
    expect(output).toBe('');
    expect(errors).toMatch(/^KD_COMPILER_MISSING: kd-backend install: /);
  });
});
