import type { Teacher, TeacherAnswer } from '@kd/core';
import { layersTeacher } from '@kd/teacher';
import { useBackend } from '@kd/testing';
import {
  add,
  argMax,
  clone,
  expandDims,
  keep,
  mean,
  mul,
  oneHot,
  slice,
  sub,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { TeacherSubject } from '../src/index.js';

await useBackend('cpu');
const kernelInitializer = initializers.glorotUniform({ seed: 3 });
const model = sequential({
  layers: [
    layers.dense({ name: 'hidden', units: 4, inputShape: [3], activation: 'tanh', kernelInitializer }),
    layers.dense({ name: 'out', units: 3, activation: 'softmax', kernelInitializer }),
  ],
});
const requests = { inputs: { x: [3] }, taps: ['hidden'], unknownTap: 'hiden' };
const sound = (): Teacher => layersTeacher(model, { convention: 'probabilities' });

/** A teacher that keeps every rule. */
export const soundTeacher: TeacherSubject = { makeTeacher: sound, requests };

/** One that gives class ids, which are values. */
export const soundTeacherOfIds: TeacherSubject = {
  requests,
  makeTeacher: () => {
    const inner = sound();
    return {
      ...inner,
      describe: async (request) => ({
        ...(await inner.describe(request)),
        outputs: { output: { convention: 'values', shape: [null] } },
      }),
      predict: (batch, request) => output((p) => argMax(p, -1))().predict(batch, request),
    };
  },
};

/** A broken teacher, and the one check that finds it. */
export interface TeacherFault {
  readonly name: string;
  readonly caughtBy: string;
  readonly makeTeacher: () => Teacher;
}

/** The sound teacher with another answer; what is replaced is disposed. */
function answering(change: (answer: TeacherAnswer, inputs: Tensor) => TeacherAnswer): () => Teacher {
  return () => {
    const inner = sound();
    return {
      ...inner,
      describe: (request) => inner.describe(request),
      predict: async (batch, request) =>
        change(await inner.predict(batch, request), batch.inputs['x'] as Tensor),
    };
  };
}

/** Changes the only output of an answer. */
function output(of: (probabilities: Tensor, inputs: Tensor) => Tensor): () => Teacher {
  return answering(({ members: [member], taps }, inputs) => {
    const given = member?.outputs['output'] as Tensor;
    const changed = tidy(() => of(given, inputs));
    given.dispose();
    return { members: [{ outputs: { output: changed }, weight: 1 }], taps };
  });
}

let made = 0;
let asked = 0;

/** Teachers of which one thing is wrong. */
export const teacherFaults: readonly TeacherFault[] = [
  {
    name: 'has another fingerprint each time',
    caughtBy: 'fingerprint',
    makeTeacher: () => {
      const inner = sound();
      return {
        ...inner,
        describe: async (request) => ({ ...(await inner.describe(request)), fingerprint: String(made++) }),
        predict: (batch, request) => inner.predict(batch, request),
      };
    },
  },
  {
    name: 'answers with an axis more than it describes',
    caughtBy: 'shapes',
    makeTeacher: output((p) => expandDims(p, 1)),
  },
  {
    name: 'answers in int32 with probabilities',
    caughtBy: 'shapes',
    makeTeacher: output((p) => oneHot(argMax(p, -1), 3, 1, 0, 'int32')),
  },
  {
    name: 'has members that count twice',
    caughtBy: 'members',
    makeTeacher: answering(({ members, taps }) => ({
      members: members.map((member) => ({ ...member, weight: 2 })),
      taps,
    })),
  },
  {
    name: 'calls numbers probabilities that do not sum to one',
    caughtBy: 'convention',
    makeTeacher: output((p) => mul(p, 0.5)),
  },
  {
    name: 'has probabilities below zero',
    caughtBy: 'convention',
    makeTeacher: output((p) => sub(mul(p, 20), 19 / 3)),
  },
  {
    name: 'changes while it says that it is frozen',
    caughtBy: 'repeatable',
    makeTeacher: output((p) => mul(p, 1 + 1e-7 * asked++)),
  },
  {
    name: 'lets the first example of a batch have a say in all',
    caughtBy: 'order',
    makeTeacher: output((p) => (p.shape[0] === 1 ? clone(p) : mul(add(p, slice(p, 0, 1)), 0.5))),
  },
  {
    name: 'normalises over the batch',
    caughtBy: 'batch-of-one',
    makeTeacher: output((p) => mul(add(p, mean(p, 0, true)), 0.5)),
  },
  {
    name: 'keeps a copy of each answer',
    caughtBy: 'no-tensor-left',
    makeTeacher: output((p) => {
      keep(clone(p));
      return clone(p);
    }),
  },
  {
    name: 'disposes its inputs',
    caughtBy: 'keeps-inputs',
    makeTeacher: answering((answer, inputs) => {
      inputs.dispose();
      return answer;
    }),
  },
  {
    name: 'describes a tap that it lacks',
    caughtBy: 'unknown-tap',
    makeTeacher: () => {
      const inner = sound();
      const described = (taps: readonly unknown[]) => inner.describe({ taps: taps.map(() => 'hidden') });
      return {
        ...inner,
        describe: ({ taps }) => described(taps),
        predict: (batch, request) => inner.predict(batch, request),
      };
    },
  },
];
