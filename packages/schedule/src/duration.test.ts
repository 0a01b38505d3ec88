import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { cosine } from './cosine.js';
import { exponentialDecay } from './exponential-decay.js';
import { linear } from './linear.js';
import { stepDecay } from './step-decay.js';
import { warmUp } from './warm-up.js';

// Each schedule with a duration, given only the duration.
const schedules = {
  linear: (duration: object) => linear({ from: 4, to: 1, ...duration } as never),
  cosine: (duration: object) => cosine({ from: 4, to: 1, ...duration } as never),
  exponentialDecay: (duration: object) => exponentialDecay({ from: 4, factor: 0.5, ...duration } as never),
  stepDecay: (duration: object) => stepDecay({ from: 4, factor: 0.5, ...duration } as never),
  warmUp: (duration: object) => warmUp({ from: 4, then: 1, ...duration } as never),
};

describe.each(Object.entries(schedules))('%s', (name, schedule) => {
  it('counts in steps or in epochs', () => {
    const [bySteps, byEpochs] = [schedule({ steps: 10 }), schedule({ epochs: 10 })];
    for (const time of [0, 1, 5, 9, 10, 11, 1000]) {
      expect(bySteps({ step: time, epoch: 0 })).toBe(byEpochs({ step: 0, epoch: time }));
    }
    expect(bySteps({ step: 0, epoch: 1000 })).toBe(4);
    expect(byEpochs({ step: 1000, epoch: 0 })).toBe(4);
    expect(bySteps({ step: 1000, epoch: 0 })).not.toBe(4);
  });

  it('refuses both and neither', async () => {
    await expectKdError(() => schedule({ steps: 10, epochs: 1 }), 'KD_OPTION_TYPE', 'options', 'both');
    await expectKdError(() => schedule({}), 'KD_OPTION_TYPE', 'options', 'neither');
    await expectKdError(() => schedule({ steps: undefined }), 'KD_OPTION_TYPE', 'options', 'neither');
  });

  it.each(['steps', 'epochs'])('refuses %s that are not a whole number >= 1', async (unit) => {
    for (const value of [0, -1, 1.5, NaN, Infinity]) {
      await expectKdError(
        () => schedule({ [unit]: value }),
        'KD_OPTION_RANGE',
        `options.${unit}`,
        String(value),
      );
    }
    for (const value of ['10', null, {}, [10]]) {
      await expectKdError(() => schedule({ [unit]: value }), 'KD_OPTION_TYPE', `options.${unit}`);
    }
  });

  it('refuses an unknown option', async () => {
    await expectKdError(() => schedule({ steps: 10, epoch: 1 }), 'KD_OPTION_UNKNOWN', 'options.epoch');
  });
});

it.each(Object.entries({ linear, cosine, exponentialDecay, stepDecay, warmUp }))(
  '%s refuses options that are no object',
  async (name, schedule) => {
    for (const options of [undefined, null, 10, 'steps', [10]]) {
      await expectKdError(() => schedule(options as never), 'KD_OPTION_TYPE', 'options');
    }
  },
);
