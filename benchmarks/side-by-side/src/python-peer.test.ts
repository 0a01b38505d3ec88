import { expectKdError } from '@kd/testing';
import { it } from 'vitest';
import { startPython } from './python-peer.js';

it('says why a process ended', async () => {
  await expectKdError(() => startPython('no-such-python', 'in_torch'), 'KD_BUILD_FAILED', 'ENOENT');
  // Node does not understand Python's flags, and says so on its standard error.
  await expectKdError(() => startPython(process.execPath, 'in_torch'), 'KD_BUILD_FAILED', '-I');
});
