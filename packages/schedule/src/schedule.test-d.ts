// Checked by tsc alone; never run.
import type { Schedule } from '@kd/core';
import { constant, cosine, exponentialDecay, linear, piecewise, stepDecay, warmUp } from './index.js';
import type { Duration } from './index.js';

export const valid: readonly Schedule[] = [
  constant(1),
  linear({ from: 1, to: 0, steps: 10 }),
  linear({ from: 1, to: 0, epochs: 10 }),
  cosine({ from: 1, to: 0, epochs: 10 }),
  exponentialDecay({ from: 1, factor: 0.5, steps: 10 }),
  stepDecay({ from: 1, factor: 0.5, epochs: 10 }),
  warmUp({ steps: 10, then: 1 }),
  warmUp({ epochs: 10, from: 0.1, then: constant(1) }),
  warmUp({ epochs: 10, then: ({ epoch }) => 1 / (1 + epoch) }),
  piecewise({ from: 1, at: [] }),
  piecewise({ from: 1, at: [{ step: 10, value: constant(1) }] }),
  piecewise({ from: constant(1), at: [{ epoch: 10, value: 1 }] }),
];

// One duration serves several schedules.
const duration: Duration = { epochs: 10 };
linear({ from: 1, to: 0, ...duration });

// @ts-expect-error both of the two
linear({ from: 1, to: 0, steps: 10, epochs: 1 });
// @ts-expect-error neither of the two
linear({ from: 1, to: 0 });
// @ts-expect-error undefined is not a number of steps
linear({ from: 1, to: 0, steps: undefined });
// @ts-expect-error a misspelt option
linear({ from: 1, to: 0, epoch: 1 });

// @ts-expect-error both of the two
cosine({ from: 1, to: 0, steps: 10, epochs: 1 });
// @ts-expect-error neither of the two
cosine({ from: 1, to: 0 });

// @ts-expect-error both of the two
exponentialDecay({ from: 1, factor: 0.5, steps: 10, epochs: 1 });
// @ts-expect-error neither of the two
exponentialDecay({ from: 1, factor: 0.5 });

// @ts-expect-error both of the two
stepDecay({ from: 1, factor: 0.5, steps: 10, epochs: 1 });
// @ts-expect-error neither of the two
stepDecay({ from: 1, factor: 0.5 });

// @ts-expect-error both of the two
warmUp({ steps: 10, epochs: 1, then: 1 });
// @ts-expect-error neither of the two
warmUp({ then: 1 });
// @ts-expect-error nothing follows
warmUp({ steps: 10 });

// @ts-expect-error both of the two
piecewise({ from: 1, at: [{ step: 1, epoch: 1, value: 1 }] });
// @ts-expect-error neither of the two
piecewise({ from: 1, at: [{ value: 1 }] });
// prettier-ignore
// @ts-expect-error steps and epochs in one schedule
piecewise({ from: 1, at: [{ step: 1, value: 1 }, { epoch: 2, value: 1 }] });
