import { dispose, memory, Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { Check } from '../check.js';
import { termOf, withSubject } from '../check.js';
import { areSame, few } from '../close.js';
import { conforms } from '../nonconformity.js';
import { givenFor } from '../rig/given.js';
import { measure } from '../rig/measure.js';
import { withRig } from '../rig/rig.js';
import { tensorsOf } from '../rig/tensors.js';

/** What a term leaves behind, and what it does to what it is given. */
export const memoryChecks: readonly Check[] = [
  {
    name: 'no-tensor-left',
    rule: 'leaves no tensor behind, neither by a step nor by its end',
    run: async (subject) => {
      const { shapes } = subject;
      const before = memory().numTensors;
      const perStep = await withRig(termOf(subject), shapes, async (rig) => {
        const given = givenFor(rig.slots, shapes, 5);
        await measure(rig, given, { step: true });
        const after = memory().numTensors;
        for (let step = 0; step < 3; step++) await measure(rig, given, { step: true });
        return (memory().numTensors - after) / 3;
      });
      conforms(perStep === 0, () => `Each step leaves ${String(perStep)} tensors.`);
      const left = memory().numTensors - before;
      conforms(left === 0, () => `After the end ${String(left)} tensors are left.`);
    },
  },
  {
    name: 'keeps-inputs',
    rule: 'neither disposes nor changes what it is given',
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        let leaves: Readonly<Record<string, Variable>> = {};
        try {
          tidy(() => {
            const made = tensorsOf(given, subject.shapes.mask, {});
            ({ leaves } = made);
            const { batch, answer } = made;
            const time = { step: 0, epoch: 0 };
            rig.objective.evaluate({ batch, answer, time, training: true, seed: 1 }).release();
          });
          for (const [key, leaf] of Object.entries(leaves)) {
            conforms(!leaf.isDisposed, () => `${key} is disposed.`);
            const { values } = given.columns.find(({ slot }) => slot.key === key) ?? { values: [] };
            const now = Array.from(await leaf.data());
            conforms(areSame(now, values.map(Math.fround)), () => `${key} has become ${few(now)}.`);
          }
        } finally {
          dispose(Object.values(leaves).filter((leaf) => !leaf.isDisposed));
        }
      }),
  },
  {
    name: 'reads-nothing-back',
    rule: 'reads no numbers back, so that a step can be one call of the backend',
    applies: ({ claims }) => claims.runsEagerly === undefined,
    run: (subject) =>
      withSubject(subject, async (rig, given) => {
        let reads = 0;
        const { loss } = rig.watch;
        rig.watch.loss = (batch) =>
          countingReads(
            () => loss(batch),
            () => reads++,
          );
        await measure(rig, given);
        conforms(reads === 0, () => `It reads numbers back ${String(reads)} times.`);
      }),
  },
];

/** Calls `onRead` whenever `body` asks a tensor for its numbers. Kernels of a backend may do as they like. */
function countingReads<T>(body: () => T, onRead: () => void): T {
  const names = ['dataSync', 'data', 'bytes'] as const;
  const own = names.map((name) => Object.getOwnPropertyDescriptor(Tensor.prototype, name));
  for (const [index, name] of names.entries())
    Object.defineProperty(Tensor.prototype, name, {
      ...own[index],
      value(this: Tensor): unknown {
        onRead();
        return Reflect.apply(own[index]?.value as () => unknown, this, []);
      },
    });
  try {
    return body();
  } finally {
    names.forEach((name, index) =>
      Object.defineProperty(Tensor.prototype, name, own[index] as PropertyDescriptor),
    );
  }
}
