import { describe, expect, it } from 'vitest';
import { end, epoch, start, step } from '../test/events.js';
import { withoutRepeats } from './without-repeats.js';

const first = [start(), step(0), step(1), epoch(0), step(2)];
const whole = [...first, step(3), epoch(1), end()];

describe('withoutRepeats', () => {
  it('keeps the events of a training that was never killed', () => {
    expect(withoutRepeats(whole)).toEqual(whole);
  });

  it.each([0, 1, 2, 3])(
    'takes the steps from a checkpoint after %i steps from the resumed training',
    (at) => {
      const again = [step(0), step(1), epoch(0), step(2), step(3), epoch(1), end()].filter(
        (event) => !('step' in event) || event.step >= (event.type === 'epoch' ? at + 1 : at),
      );
      expect(withoutRepeats([...first, start({ step: at }), ...again])).toEqual(whole);
    },
  );

  it('takes an epoch once whose validation happened twice', () => {
    const again = [epoch(0, { seconds: 7 }), step(2), step(3), epoch(1), end()];
    const seen = withoutRepeats([...first, start({ step: 2 }), ...again]);
    expect(seen).toEqual([start(), step(0), step(1), ...again]);
  });

  it('forgets the later stages, and all of a training that begins anew', () => {
    const second = { stage: 1, name: 'distillation' };
    const stages = [...whole, start(second), step(0, second)];
    expect(withoutRepeats([...stages, start(second), step(0, second)])).toEqual(stages);
    expect(withoutRepeats([...stages, start(), step(0)])).toEqual([start(), step(0)]);
  });

  it('has the epochs of a training that was extended', () => {
    const seen = withoutRepeats([...whole, start({ step: 4, epochs: 3 }), step(4)]);
    expect(seen).toEqual([start({ epochs: 3 }), ...whole.slice(1, -1), step(4)]);
  });
});
