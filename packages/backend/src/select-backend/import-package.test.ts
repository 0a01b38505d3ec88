import { expect, it } from 'vitest';
import { importPackage } from './import-package.js';
import { notInstalled, tryBackend } from './try-backend.js';

it('imports a package by its name', async () => {
  await expect(importPackage('@tensorflow/tfjs-backend-cpu')).resolves.toBeUndefined();
});

it('is refused in the way of Node for a package that is absent', async () => {
  const missing = { name: 'tensorflow', package: '@kd/no-such-package' } as const;
  expect(await tryBackend(missing)).toBe(notInstalled);
});
