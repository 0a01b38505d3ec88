import { mkdtemp, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { checkDiskSpace } from './disk-space.js';
import { pipArguments } from './download-wheel.js';
import { installOptions } from './install-options.js';
import { takePartialEntry } from './partial-entry.js';
import { pinnedCpu, pinnedGpu, pinnedVersion } from './pinned-wheels.js';
import { checkPlatform, thisPlatform } from './platform.js';
import { cudaRequirements, requirementLine } from './requirement.js';
import { runProgram, tailOf } from './run-program.js';
import { trustedPath } from './trusted-path.js';
import { checkTrusted } from './trusted.js';
import { announcedSize } from './watch-download.js';
import { placeOf } from './wheel-places.js';

describe('the options', () => {
  it('have the user’s own directory for caches', () => {
    const options = { gpu: false, tensorflow: pinnedVersion, wheels: pinnedCpu, python: undefined };
    const standard = { ...options, cache: join(homedir(), '.cache/kd-backend') };
    expect(installOptions({}, {})).toEqual(standard);
    expect(installOptions({}, { XDG_CACHE_HOME: 'relative' })).toEqual(standard);
    expect(installOptions({}, { XDG_CACHE_HOME: '/caches' }).cache).toBe(join('/caches/kd-backend'));
  });

  it('refuse an empty path, as a variable that is not set leaves one', async () => {
    await expectKdError(
      () => installOptions({ python: '' }, {}),
      'KD_OPTION_TYPE',
      '--python must be a path',
    );
    await expectKdError(() => installOptions({ cache: '' }, {}), 'KD_OPTION_TYPE', '--cache must be a path');
  });

  it('refuse versions that cannot be linked, and what is no version', async () => {
    for (const tensorflow of ['2.15.1', '1.99.0', '2', 'latest', '2.20.0; rm'])
      await expectKdError(
        () => installOptions({ tensorflow }, {}),
        'KD_OPTION_RANGE',
        '--tensorflow',
        tensorflow,
      );
    for (const tensorflow of ['2.16.0', '2.22.0rc1', '3.0.0'])
      expect(installOptions({ tensorflow }, {}).tensorflow).toBe(tensorflow);
  });
});

it('supports Linux on x64 with glibc only', async () => {
  const fine = { system: 'linux', processor: 'x64', glibc: '2.36' };
  checkPlatform(fine);
  const refused = (change: object) => () => {
    checkPlatform({ ...fine, ...change });
  };
  const code = 'KD_PLATFORM_UNSUPPORTED';
  await expectKdError(refused({ glibc: undefined }), code, 'linux on x64 without glibc', 'Alpine');
  await expectKdError(refused({ processor: 'arm64' }), code, 'linux on arm64', 'wasm');
  await expectKdError(refused({ system: 'win32', glibc: undefined }), code, 'win32 on x64.', 'WSL');
  await expectKdError(refused({ system: 'darwin', processor: 'arm64' }), code, 'darwin on arm64');
  expect(thisPlatform().system).toBe(process.platform);
});

it('trusts what belongs to the user or root, and what others cannot change', async () => {
  const mine = { uid: 1000, mode: 0o40755 };
  for (const access of [mine, { ...mine, uid: 0 }, { ...mine, mode: 0o40775 }, { uid: 0, mode: 0o41777 }])
    checkTrusted('/cache', access, 1000);
  const code = 'KD_CACHE_UNTRUSTED';
  const refused =
    (change: object, user = 1000) =>
    () => {
      checkTrusted('/cache', { ...mine, ...change }, user);
    };
  await expectKdError(refused({ uid: 1001 }), code, '"/cache"', 'user 1001', '--cache');
  await expectKdError(refused({}, 0), code, 'user 1000');
  await expectKdError(refused({ mode: 0o40757 }), code, 'every user can write', 'chmod o-w');
});

it('looks for programs where only the user puts them', () => {
  expect(trustedPath('/app/node_modules/.bin:/node_modules/.bin/:/usr/bin::.:bin:/opt/bin')).toBe(
    '/usr/bin:/opt/bin',
  );
  expect([trustedPath(':.'), trustedPath('')]).toEqual([undefined, undefined]);
});

it('ends a program that does not end', async () => {
  const start = performance.now();
  const ending = await runProgram(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { seconds: 0.3 });
  expect(ending?.ok).toBe(false);
  expect(performance.now() - start).toBeLessThan(10_000);
});

it('asks for free space, less what is there already', async () => {
  await expectKdError(() => checkDiskSpace('/proc', false, '/none'), 'KD_DISK_FULL', '1.5 GB free', '0.0 GB');
});

describe('requirements', () => {
  it('are pinned by a hash each', () => {
    for (const requirement of [...pinnedCpu, ...pinnedGpu])
      expect(requirementLine(requirement)).toMatch(/^[a-z\d-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
  });

  it('of CUDA are read from what TensorFlow says', () => {
    const metadata = `Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12 (==2.23.4) ; extra == 'and-cuda'
Requires-Dist: tensorflow-io>=0.23; python_version < "3.12" and extra == "gcs"
`;
    expect(cudaRequirements(metadata).map(requirementLine)).toEqual([
      'nvidia-cublas-cu12<13.0,>=12.5.3.2',
      'nvidia-nccl-cu12==2.23.4',
    ]);
  });
});

it('calls pip with the index that the user has set up', () => {
  const args = pipArguments('list', 'to').join(' ');
  expect(args).toContain('-I -u -m pip download --no-deps');
  expect(args).not.toMatch(/index-url|https?:/);
  expect(args).toMatch(/--dest to --requirement list$/);
});

it('reads sizes from pip', () => {
  expect(announcedSize('Collecting a\n  Downloading a-2-cp312.whl (273.8 MB)\n')).toBe(273.8e6);
  expect(announcedSize('Downloading a.whl (12 kB)')).toBe(12e3);
  expect(announcedSize('Using a.whl')).toBeUndefined();
});

it('takes of a wheel what is needed, to where TensorFlow looks for it', () => {
  expect(placeOf('tensorflow/libtensorflow_cc.so.2')).toBe('deps/lib/libtensorflow_cc.so.2');
  expect(placeOf('tensorflow/include/xla/tsl/c/tsl_status.h')).toBe('include/xla/tsl/c/tsl_status.h');
  expect(placeOf('nvidia/cudnn/lib/libcudnn.so.9')).toBe('deps/nvidia/cudnn/lib/libcudnn.so.9');
  expect(placeOf('nvidia/cuda_nvcc/bin/ptxas')).toBe('deps/nvidia/cuda_nvcc/bin/ptxas');
  const others = [
    'tensorflow/include/Eigen/Core',
    'tensorflow/python/_pywrap_tfe.so',
    'nvidia/cuda_nvrtc/lib/libnvrtc.alt.so.12',
    'nvidia/cudnn/include/cudnn.h',
    'nvidia_cudnn_cu12-9.1.dist-info/METADATA',
  ];
  for (const file of others) expect(placeOf(file)).toBeUndefined();
});

it('shortens what a compiler prints', () => {
  expect(tailOf('1\n2\n3\n', 2)).toBe('2\n3');
  expect(tailOf('x'.repeat(400), 1)).toHaveLength(303);
});

it('takes over what an interrupted run left, and leaves alone what may be going on', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'kd-cache-'));
  const left = ['a.partial-1-00000000@elsewhere', 'b.partial-4000000-00000000@elsewhere'];
  for (const name of left) await mkdir(join(cache, name));
  await mkdir(join(cache, 'kept'));
  const own = await takePartialEntry(cache, 'a');
  expect(await readdir(cache)).toHaveLength(4);
  const old = new Date(Date.now() - 2 * 86_400_000);
  for (const name of left) await utimes(join(cache, name), old, old);
  await takePartialEntry(cache, 'a');
  // Its own process counts as one that was started again.
  expect((await readdir(cache)).length).toBe(2);
  expect(await readdir(cache)).not.toContain(own);
  await rm(cache, { recursive: true });
});
