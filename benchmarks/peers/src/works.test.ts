import { expect, it } from 'vitest';
import { defaultWorks, pairedNets, workOf } from './works.js';

it('knows the works of the tables and of the pairs', () => {
  for (const name of defaultWorks) expect(workOf(name).name).toBe(name);
  for (const net of pairedNets) expect(workOf(`${net}-kd-targets`).step).toBe('kd-targets');
});

it('refuses other names', () => {
  for (const name of ['mlp', 'mlp-', 'lstm-hint', 'other-plain', 'constructor-plain', 'mlp-kd-targets-2'])
    expect(() => workOf(name)).toThrow('is not a work');
});
