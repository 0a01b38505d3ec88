import { tensorsOfAnswer } from '@kd/core';
import type { Batch, Teacher, TeacherAnswer, TeacherDescription } from '@kd/core';
import { dispose, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { seededNumbers } from '../rig/seeded-numbers.js';
import type { TeacherRequests, TeacherSubject } from './subject.js';

/** A teacher, its description and five examples. */
export interface Asked {
  readonly teacher: Teacher;
  readonly description: TeacherDescription;
  /** The names of all its outputs. */
  readonly outputs: readonly string[];
  /** Asks about some of the examples, in this order. */
  readonly about: (examples: readonly number[], wanted?: readonly string[]) => Promise<Said>;
}

/** An answer as numbers: one list for each tensor, in the order of members, outputs and taps. */
export interface Said {
  readonly shapes: readonly (readonly number[])[];
  readonly dtypes: readonly string[];
  readonly numbers: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly taps: number;
  /** The answer, already disposed. */
  readonly answer: TeacherAnswer;
}

/** Uses a fresh teacher, and disposes it. */
export async function withTeacher<T>(
  { makeTeacher, requests }: TeacherSubject,
  use: (asked: Asked) => Promise<T>,
): Promise<T> {
  const teacher = await makeTeacher();
  const { taps = [] } = requests;
  try {
    const description = await teacher.describe({ taps });
    const outputs = Object.keys(description.outputs);
    return await use({
      teacher,
      description,
      outputs,
      about: async (examples, wanted = outputs) => {
        const batch = batchOf(requests, examples);
        try {
          return await said(await teacher.predict(batch, { outputs: wanted, taps }));
        } finally {
          dispose(Object.values(batch.inputs));
        }
      },
    });
  } finally {
    teacher.dispose?.();
  }
}

/** A batch of some of the five examples. */
export function batchOf({ inputs, ids }: TeacherRequests, examples: readonly number[]): Batch {
  const named = Object.entries(inputs).map(([name, shape], index): [string, Tensor] => {
    const width = shape.reduce((a, b) => a * b, 1);
    const values = examples.flatMap((example) => {
      const next = seededNumbers(100 * index + example);
      return Array.from({ length: width }, () => next());
    });
    return [name, tensor(values, [examples.length, ...shape])];
  });
  return {
    inputs: Object.fromEntries(named),
    ...(ids && { ids: examples.map((example) => ids[example] as string) }),
  };
}

async function said(answer: TeacherAnswer): Promise<Said> {
  const tensors = tensorsOfAnswer(answer);
  try {
    return {
      shapes: tensors.map(({ shape }) => shape),
      dtypes: tensors.map(({ dtype }) => dtype),
      numbers: await Promise.all(tensors.map(async (one) => Array.from(await one.data()))),
      weights: answer.members.map(({ weight }) => weight),
      taps: answer.taps.length,
      answer,
    };
  } finally {
    dispose(tensors);
  }
}
