import { engine, getBackend, ready, setBackend } from '@tensorflow/tfjs-core';
import type { Check } from '../check.js';
import { withSubject } from '../check.js';
import { areClose, few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { measure } from '../rig/measure.js';
import type { Measured } from '../rig/measure.js';

/** Whether a term computes the same on every backend that the test has registered. */
export const backendChecks: readonly Check[] = [
  {
    name: 'backends-agree',
    rule: 'has the same values and gradients on every backend at hand',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        const before = getBackend();
        const drawn = { any: false };
        const { loss } = rig.watch;
        rig.watch.loss = (batch) =>
          loss({
            ...batch,
            random: (shape) => {
              drawn.any = true;
              return batch.random(shape);
            },
          });
        const here = await measure(rig, given);
        // TensorFlow draws other numbers from a seed.
        if (drawn.any) return;
        try {
          for (const name of Object.keys(engine().registryFactory).filter((other) => other !== before)) {
            if (!(await setBackend(name))) continue;
            await ready();
            compare(before, here, name, await measure(rig, given));
          }
        } finally {
          await setBackend(before);
        }
      }),
  },
];

function compare(before: string, here: Measured, name: string, there: Measured): void {
  conforms(
    areClose(there.values.values, here.values.values, 1e-4, 1e-6),
    () => `On ${name} the values are ${few(there.values.values)}, on ${before} ${few(here.values.values)}.`,
  );
  for (const [key, gradient = []] of Object.entries(here.gradients))
    conforms(
      areClose(there.gradients[key] ?? [], gradient, 1e-3, 1e-6),
      () =>
        `On ${name} the gradient of ${key} is ${few(there.gradients[key] ?? [])}, on ${before} ${few(gradient)}.`,
    );
}
