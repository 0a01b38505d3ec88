import { chmod, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callsOf, compilerWith, fakeProgram, pythonWith, wheelName } from '../test/fake-programs.js';
import { entryName, fakeProject, pinnedTo } from '../test/fake-project.js';
import type { FakeProject } from '../test/fake-project.js';
import { zipOf } from '../test/zip-of.js';
import { installNative } from './install.js';
import type { Installed } from './install.js';
import { installOptions } from './options.js';
import type { InstallArguments } from './options.js';
import type { Progress } from './progress.js';
import { tryPackage } from './tfjs-package.js';
import { digestOfSources } from './addon.js';

// Loading in a process of its own is the affair of run-install.test.ts.
vi.mock(import('./tfjs-package.js'), async (original) => ({ ...(await original()), tryPackage: vi.fn() }));

let project: FakeProject;
let steps: string[];
beforeEach(async () => {
  project = await fakeProject();
  steps = [];
  vi.stubEnv('PATH', project.programs);
  vi.mocked(tryPackage).mockResolvedValue({ tensorflow: '2.21.0', gpu: false });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(project.folder, { recursive: true, force: true });
});

const progress: Progress = {
  step: (title) => steps.push(title.split(' ')[0] ?? ''),
  advance: (share) => {
    expect(share).toBeLessThanOrEqual(1);
  },
};
const install = (given: InstallArguments = {}): Promise<Installed> =>
  installNative(
    installOptions({ cache: project.cache, ...given }, {}, pinnedTo(project.wheel)),
    project.folder,
    progress,
  );
const python = (body: string): Promise<void> => fakeProgram(project.programs, 'python3', body);
const compiler = (body: string): Promise<void> => fakeProgram(project.programs, 'g++', body);
/** The directory of a run that was killed. */
const leftover = (): string =>
  join(project.cache, `${entryName}.partial-${String(process.pid)}-00000000@${hostname()}`);
const failing = (message: string): string => `console.error(${JSON.stringify(message)}); process.exit(1);`;

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('installNative', () => {
  it('keeps the two libraries, the addon and a manifest', async () => {
    const { tfjs, cached } = await install();
    expect([tfjs.version, cached, steps]).toEqual([
      '4.22.0',
      false,
      ['Downloading', 'Unpacking', 'Building', 'Linking'],
    ]);
    const files = await readdir(join(project.cache, entryName), { recursive: true });
    expect(files.filter((file) => /\.\w+$/.test(file)).sort()).toEqual([
      'deps/lib/libtensorflow_cc.so.2',
      'deps/lib/libtensorflow_framework.so.2',
      'lib/napi-v8/tfjs_binding.node',
      'manifest.json',
    ]);
    expect((await install()).cached).toBe(true);
  });

  it('asks pip for one file by its hash, and the compiler for an addon that finds its libraries', async () => {
    await python(
      pythonWith(
        project.wheel,
        "console.error(require('node:fs').readFileSync(args.at(-1), 'utf8')); process.exit(1);",
      ),
    );
    await expectKdError(install, 'KD_DOWNLOAD_FAILED', 'tensorflow-cpu==2.21.0 --hash=sha256:');
    await python(pythonWith(project.wheel));
    await install();
    const [, compiled = []] = await callsOf(project.programs, 'g++').then((calls) => calls.slice(-2));
    expect(compiled).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
    expect(compiled).toContain(join(project.tfjs, 'binding/tfjs_backend.cc'));
    // Ours includes it.
    expect(compiled).not.toContain(join(project.tfjs, 'binding/tfjs_binding.cc'));
    expect(compiled.filter((file) => file.endsWith('.cc'))).toHaveLength(4);
  });

  it('replaces what the script of tfjs-node installed', async () => {
    const old = join(project.tfjs, 'lib/napi-v8');
    await mkdir(join(project.tfjs, 'deps/lib'), { recursive: true });
    await mkdir(old, { recursive: true });
    await writeFile(join(old, 'tfjs_binding.node'), 'of 2022');
    await install();
    expect(await readFile(join(old, 'tfjs_binding.node'), 'utf8')).toBe('addon');
  });

  it('rebuilds a changed entry even if all lengths are equal', async () => {
    await install();
    const library = join(project.cache, entryName, 'deps/lib/libtensorflow_cc.so.2');
    await writeFile(library, 'CC');
    expect((await install()).cached).toBe(false);
    expect(await readFile(library, 'utf8')).toBe('cc');
  });

  it('keeps the download of a run whose build failed, but not a damaged one', async () => {
    await compiler(compilerWith(failing('c_api.h: No such file')));
    await expectKdError(install, 'KD_BUILD_FAILED', 'c_api.h: No such file', '@tensorflow/tfjs-node 4.22.0');
    steps = [];
    await compiler(compilerWith());
    await install();
    expect(steps).toEqual(['Checking', 'Unpacking', 'Building', 'Linking']);

    await rm(project.cache, { recursive: true });
    const whole = await readFile(project.wheel);
    await writeFile(project.wheel, 'no zip');
    await expectKdError(install, 'KD_FILE_READ', wheelName);
    await writeFile(project.wheel, whole);
    await install();
  });

  it('does not mistake the wheel of one package for another’s after a kill between them', async () => {
    const partial = leftover();
    await mkdir(join(partial, 'wheels/another'), { recursive: true });
    await writeFile(join(partial, 'wheels/another/another.whl'), 'no zip');
    await install();
    expect(steps[0]).toBe('Downloading');
    expect((await readdir(join(project.cache, entryName))).sort()).toEqual(['deps', 'lib', 'manifest.json']);
  });

  it('uses nothing of an interrupted run without the known hash', async () => {
    const wheel = join(leftover(), 'wheels/tensorflow-cpu', wheelName);
    const plant = async (content: Buffer | string): Promise<void> => {
      for (const folder of ['wheels/tensorflow-cpu', 'done', 'deps/lib', 'include'])
        await mkdir(join(leftover(), folder), { recursive: true });
      await writeFile(wheel, content);
      await writeFile(join(leftover(), 'done/tensorflow-cpu'), '');
      await writeFile(join(leftover(), 'include/planted.h'), 'planted');
      await writeFile(join(leftover(), 'deps/lib/libstdc++.so.6'), 'planted');
    };
    await plant(zipOf({ 'tensorflow/libtensorflow_cc.so.2': 'planted' }));
    await install();
    expect(steps).toEqual(['Checking', 'Downloading', 'Unpacking', 'Building', 'Linking']);
    const library = join(project.cache, entryName, 'deps/lib/libtensorflow_cc.so.2');
    expect(await readFile(library, 'utf8')).toBe('cc');
    expect(await readdir(join(project.cache, entryName, 'deps/lib'))).toHaveLength(2);

    await rm(join(project.cache, entryName), { recursive: true });
    await plant(await readFile(project.wheel));
    steps = [];
    await install();
    expect(steps).toEqual(['Checking', 'Unpacking', 'Building', 'Linking']);
    // The index states the hash of another version, and pip forgets it.
    await rm(join(project.cache, entryName), { recursive: true });
    await mkdir(join(leftover(), 'wheels'), { recursive: true });
    await symlink(project.folder, join(leftover(), 'wheels/tensorflow-cpu'));
    steps = [];
    await install({ tensorflow: '2.20.0' });
    expect(steps[0]).toBe('Downloading');
    expect(await readdir(project.folder)).toContain('a.whl');
  });

  it('checks the file that pip delivered', async () => {
    const other = join(project.folder, 'other.whl');
    await writeFile(other, zipOf({ 'tensorflow/libtensorflow_cc.so.2': 'other' }));
    await python(pythonWith(other));
    await expectKdError(install, 'KD_DOWNLOAD_FAILED', 'a file whose SHA-256 is');
  });

  it('refuses a cache that other users can change', async () => {
    await install();
    const entry = join(project.cache, entryName);
    const library = join(entry, 'deps/lib/libtensorflow_cc.so.2');
    for (const path of [project.cache, entry, library]) {
      const { mode } = await stat(path);
      await chmod(path, 0o777);
      await expectKdError(install, 'KD_CACHE_UNTRUSTED', path, 'chmod o-w', '--cache');
      await chmod(path, mode);
    }
    await chmod(project.cache, 0o1777);
    expect((await install()).cached).toBe(true);
  });

  it('creates nothing that other users can change, whatever the umask', async () => {
    const mask = process.umask(0);
    try {
      await install();
      expect((await install()).cached).toBe(true);
    } finally {
      process.umask(mask);
    }
  });

  it('tests the compiler before it downloads', async () => {
    await compiler("if (args.includes('--version')) console.log('a compiler');");
    await expectKdError(install, 'KD_BUILD_FAILED', 'it ended well and wrote nothing');
    await compiler(`if (!args.includes('--version')) { ${failing('no <string>')} }`);
    await expectKdError(install, 'KD_BUILD_FAILED', 'no <string>', 'a library of one small file');
    expect(steps).toEqual([]);
    await compiler(
      "if (!args.includes('-l:libtensorflow_cc.so.2') && !args.includes('--version')) require('node:fs').writeFileSync(args.at(-1), 'trial');",
    );
    await expectKdError(install, 'KD_BUILD_FAILED', 'it ended well and wrote nothing', 'the binding of');
  });

  it('names the Python, pip, compiler or package that is missing', async () => {
    const { programs, folder } = project;
    await compiler('process.exit(1);');
    await expectKdError(install, 'KD_COMPILER_MISSING', 'g++, c++, clang++', 'apt-get install');
    vi.stubEnv('CXX', 'my-compiler');
    await expectKdError(install, 'KD_COMPILER_MISSING', 'my-compiler');
    await python("console.log('pip 20.0.2 from /lib/pip (python 3.8)');");
    await expectKdError(install, 'KD_PIP_MISSING', 'pip 20.0.2');
    await python(failing('/usr/bin/python3: No module named pip'));
    await expectKdError(install, 'KD_PIP_MISSING', 'the pip of python3', 'apt-get install python3-pip');
    await python("console.log('pip 21.3 from /lib/pip (python 2.7)');");
    await expectKdError(install, 'KD_PYTHON_MISSING', 'python3');
    await rm(join(programs, 'python3'));
    await expectKdError(install, 'KD_PYTHON_MISSING', 'apt-get install python3');
    const absent = join(folder, 'none');
    for (const none of [absent, join(project.wheel, 'python3'), folder])
      await expectKdError(() => install({ python: none }), 'KD_PYTHON_MISSING', none, 'no such program');
    await expectKdError(() => install({ gpu: true }), 'KD_PACKAGE_MISSING', '@tensorflow/tfjs-node-gpu');
    const elsewhere = () => installNative(installOptions({}, {}), tmpdir(), progress);
    await expectKdError(
      elsewhere,
      'KD_PACKAGE_MISSING',
      'npm install --ignore-scripts @tensorflow/tfjs-node',
    );
  });

  it('reports what pip or the disk lacks', async () => {
    const { wheel } = project;
    await python(pythonWith(wheel, failing('OSError: [Errno 28] No space left on device')));
    await expectKdError(install, 'KD_DISK_FULL', '--cache');
    await python(pythonWith(wheel, failing('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES')));
    await expectKdError(install, 'KD_DOWNLOAD_FAILED');
    await python(
      pythonWith(
        wheel,
        failing('ERROR: Could not find a version (from versions: 2.16.1, 2.20.0rc0, 2.20.0)'),
      ),
    );
    const unknown = () => install({ tensorflow: '2.99.0' });
    await expectKdError(unknown, 'KD_TENSORFLOW_UNKNOWN', 'tensorflow-cpu==2.99.0');
    await expectKdError(() => install({ cache: wheel }), 'KD_FILE_WRITE', '--cache');
    expect((await readdir(project.cache)).filter((name) => !name.includes('.partial-'))).toEqual([]);
  });

  it('installs the CUDA libraries that a version of TensorFlow lists', async () => {
    // Its pip gives the same wheel, whatever it is asked for.
    const name = '@tensorflow/tfjs-node-gpu';
    await mkdir(join(project.folder, 'node_modules', name), { recursive: true });
    await writeFile(
      join(project.folder, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '4.22.0', binary: { napi_versions: [8] } }),
    );
    await install({ gpu: true, tensorflow: '2.20.0' });
    expect(await readdir(project.cache)).toEqual([
      `tfjs-node-gpu-4.22.0-tensorflow-2.20.0-gpu-napi-v8-linux-x64-${digestOfSources()}`,
    ]);
    expect(steps).toContain('Building');
  });
});
