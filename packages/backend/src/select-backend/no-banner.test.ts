import { expect, it, vi } from 'vitest';
import { selectBackend } from './select-backend.js';

// tfjs prints its advice to install tfjs-node once a process, so that this needs a file, and with it a
// process, of its own.
it('prints nothing when it chooses cpu', async () => {
  const warn = vi.spyOn(console, 'warn');
  const { name } = await selectBackend({ require: 'cpu' });
  expect(name).toBe('cpu');
  expect(warn).not.toHaveBeenCalled();
});
