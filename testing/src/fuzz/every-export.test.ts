// The fuzz calls every function and class that a package exports.
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import { disposeAll } from './dispose.js';
import { faultOf } from './judge.js';
import { callables } from './plan.js';
import { exportedFunctions, publicEntries } from './public-exports.js';
import { validCalls } from './valid-calls/index.js';
import { bePatient, removeDirectories } from './valid-calls/values.js';

await setBackend('cpu');
bePatient();
afterAll(removeDirectories);

it.each(publicEntries())('%s: every function has a valid call', async (entry) => {
  const exported = [...(await exportedFunctions(entry)).keys()].sort();
  expect(Object.keys(validCalls[entry] ?? {}).sort()).toEqual(exported);
});

it('each valid call succeeds, leaves no tensor, and changes no argument', async () => {
  const faults: string[] = [];
  for (const { name, target, valid } of await callables()) {
    const args = await valid.args();
    const fault = await faultOf({ ...valid, target, args, mustSucceed: true });
    disposeAll(args);
    if (fault !== undefined) faults.push(`${name}: ${fault}`);
  }
  expect(faults).toEqual([]);
});
