import { homedir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { checkPlatform, installOptions, thisPlatform } from './options.js';
import { pinnedVersion, pinnedWheels } from './wheel/requirements.js';

describe('the options', () => {
  it('default to the user’s own cache directory', () => {
    const options = { gpu: false, tensorflow: pinnedVersion, wheels: pinnedWheels.cpu, python: undefined };
    const standard = { ...options, cache: join(homedir(), '.cache/kd-native') };
    expect(installOptions({}, {})).toEqual(standard);
    expect(installOptions({}, { XDG_CACHE_HOME: 'relative' })).toEqual(standard);
    expect(installOptions({}, { XDG_CACHE_HOME: '/caches' }).cache).toBe(join('/caches/kd-native'));
  });

  it('refuse an empty path, the result of an unset variable', async () => {
    await expectKdError(() => installOptions({ python: '' }, {}), 'KD_OPTION_TYPE', '--python');
    await expectKdError(() => installOptions({ cache: '' }, {}), 'KD_OPTION_TYPE', '--cache');
  });

  it('refuse versions that cannot be linked, and other text', async () => {
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

it('supports only Linux on x64 with glibc', async () => {
  const fine = { system: 'linux', processor: 'x64', glibc: '2.36' };
  checkPlatform(fine);
  const refused = (change: object) => () => {
    checkPlatform({ ...fine, ...change });
  };
  const code = 'KD_PLATFORM_UNSUPPORTED';
  await expectKdError(refused({ glibc: undefined }), code, 'linux on x64 without glibc', 'the platform');
  await expectKdError(refused({ processor: 'arm64' }), code, 'linux on arm64', 'the platform');
  await expectKdError(refused({ system: 'win32', glibc: undefined }), code, 'win32 on x64', 'the platform');
  await expectKdError(refused({ system: 'darwin', processor: 'arm64' }), code, 'darwin on arm64');
  expect(thisPlatform().system).toBe(process.platform);
});
