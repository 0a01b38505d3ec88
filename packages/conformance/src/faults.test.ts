import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { getBackend } from '@tensorflow/tfjs-core';
import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { failing } from '../test/failing.js';
import { faultsOfGradients } from '../test/faults/gradients.js';
import { faultsOfOptions, soundPower } from '../test/faults/options.js';
import { faultsOfState } from '../test/faults/state.js';
import { faultsOfCalls, faultsOfValues } from '../test/faults/values.js';
import { stepFunctions } from '@kd/core';
import { checks } from './index.js';

await useBackend('cpu');
// Elsewhere than on tfjs-node nothing is one call.
const calls = stepFunctions() === undefined ? [] : faultsOfCalls;
const faults = [...calls, ...faultsOfValues, ...faultsOfGradients, ...faultsOfState, ...faultsOfOptions];

describe('a term that', () => {
  it.each(faults.filter(({ onCpu }) => onCpu !== true || getBackend() === 'cpu'))(
    '$name is found by $caughtBy alone',
    async ({ caughtBy, subject }) => {
      const found = await failing(subject);
      // What differs from run to run, or reads numbers back, is no call either.
      if (['repeatable', 'reads-nothing-back'].includes(caughtBy)) delete found['compiled'];
      expect(found).toEqual({ [caughtBy]: found[caughtBy] ?? 'something' });
    },
  );
});

it('has a fault for each check', () => {
  const all = [...faults, ...faultsOfCalls];
  expect(new Set(all.map(({ caughtBy }) => caughtBy))).toEqual(new Set(checks.map(({ name }) => name)));
});

it('finds nothing in the term whose options the faults change', async () => {
  expect(await failing(soundPower)).toEqual({});
});
