import { expect, it } from 'vitest';
import { importPackage } from './import-package.js';
import { notInstalled, tryCandidate } from './try-candidate.js';

it('imports a package by its name', async () => {
  await expect(importPackage('@tensorflow/tfjs-backend-cpu')).resolves.toHaveProperty('MathBackendCPU');
});

it('fails with Node’s own error for an absent package', async () => {
  const name = '@kd/no-such-package';
  const start = async (): Promise<string> => String(await importPackage(name));
  const missing = { name: 'tensorflow', package: name, start } as const;
  const outcome = await tryCandidate(missing, { threads: 1, required: false }, undefined);
  expect(outcome).toEqual({ reason: notInstalled });
});
