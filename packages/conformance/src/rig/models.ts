import { describeTap } from '@kd/core';
import type { Teacher, TeacherDescription } from '@kd/core';
import type { Student } from '@kd/recipe';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Slot } from './slots.js';

/** A model whose taps and outputs are its inputs, by the keys of the slots. */
export function studentOf(slots: readonly Slot[]): Student {
  const places = slots.filter(({ side }) => side === 'student');
  // A recipe needs something that learns, and an output.
  const spare = input({ name: 'spare-input', shape: [1] });
  const learns = layers.dense({ name: 'spare', units: 1 }).apply(spare) as SymbolicTensor;
  const passed = places.map(({ key, place, shape }) => {
    const given = input({ name: key, shape: [...shape] });
    return [given, layers.activation({ name: place, activation: 'linear' }).apply(given)] as const;
  });
  const outputs = places.flatMap(({ kind, place }) =>
    kind === 'features' || kind === 'class-ids' ? [] : [[place, kind] as const],
  );
  return {
    model: model({
      inputs: [spare, ...passed.map(([given]) => given)],
      outputs: [learns, ...passed.map(([, place]) => place as SymbolicTensor)],
    }),
    convention: {
      spare: 'values',
      ...Object.fromEntries(outputs.map(([place, convention]) => [place, convention])),
    },
  };
}

/** A teacher that describes the slots and is never asked. */
export function teacherOf(slots: readonly Slot[]): Teacher {
  const ofTeacher = slots.filter(({ side }) => side === 'teacher');
  const description = ({ taps }: Parameters<Teacher['describe']>[0]): TeacherDescription => ({
    outputs: Object.fromEntries(
      ofTeacher.flatMap(({ kind, place, shape }) =>
        kind === 'features' || kind === 'class-ids'
          ? []
          : [[place, { convention: kind, shape: [null, ...shape] }]],
      ),
    ),
    taps: taps.map((tap) => {
      const slot = ofTeacher.find(({ key }) => key === `teacher.${describeTap(tap)}`) as Slot;
      return { shape: [null, ...slot.shape] };
    }),
    fingerprint: 'conformance',
    frozen: true,
  });
  return {
    describe: (request) => Promise.resolve(description(request)),
    predict: () => Promise.reject(new Error('The answer is given.')),
  };
}
