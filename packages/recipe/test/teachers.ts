import { keep, Tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describeTap } from '@kd/core';
import type {
  OutputConventions,
  Tap,
  Teacher,
  TeacherAnswer,
  TeacherDescription,
  TeacherMember,
  ValueInfo,
} from '@kd/core';
import { forward, inputsOfModel, modelOutputs, resolveTap } from '@kd/model';

/** A description of logits `[B, width]`, changed as a test needs it. */
export function descriptionOf(width: number, changes: Partial<TeacherDescription> = {}): TeacherDescription {
  return {
    outputs: { output: { convention: 'logits', shape: [null, width] } },
    taps: [],
    fingerprint: '',
    frozen: true,
    ...changes,
  };
}

/** An answer of one member with one output, or of several members. */
export function answerOf(
  output: Tensor | readonly TeacherMember[],
  taps: readonly Tensor[] = [],
): TeacherAnswer {
  return { members: output instanceof Tensor ? [{ outputs: { output }, weight: 1 }] : output, taps };
}

/** A teacher that gives a fixed answer, owned by the test. */
export function answeringTeacher(description: TeacherDescription, answer?: TeacherAnswer): Teacher {
  return {
    describe: () => Promise.resolve(description),
    predict: () => (answer === undefined ? Promise.reject(new Error('asked')) : answer),
  };
}

/** A teacher that runs a model, and computes no more than it is asked for. */
export function modelTeacher(model: LayersModel, convention: OutputConventions = 'logits'): Teacher {
  const outputs = modelOutputs('the teacher', 'model', model, convention);
  return {
    describe: ({ taps }) =>
      Promise.resolve({
        outputs: Object.fromEntries(
          outputs.map(({ name, convention: is, shape }) => [name, { convention: is, shape }]),
        ),
        taps: taps.map((tap): ValueInfo => {
          const { shape, activation } = resolveTap('the teacher', model, tap);
          return { shape, activation };
        }),
        fingerprint: '',
        frozen: true,
      }),
    predict: (batch, { outputs: wanted, taps }) =>
      tidy(() => {
        const inputs = inputsOfModel('the teacher', model, batch);
        const resolved = taps.map((tap) => resolveTap('the teacher', model, tap));
        const run = forward(model, inputs, { training: false, taps: resolved, outputs: wanted.length > 0 });
        // Cloned, because an output and a tap may be one tensor, and the caller disposes each.
        const own = (value: Tensor | undefined): Tensor => keep((value as Tensor).clone());
        const named = outputs.filter(({ name }) => wanted.includes(name));
        const member = {
          outputs: Object.fromEntries(named.map(({ name, position }) => [name, own(run.outputs[position])])),
          weight: 1,
        };
        return { members: wanted.length > 0 ? [member] : [], taps: run.taps.map(own) };
      }),
  };
}

/** Several teachers as one. The taps are `<member>/<tap>`. */
export function ensembleOf(
  members: Readonly<Record<string, Teacher>>,
  weights?: Readonly<Record<string, number>>,
): Teacher {
  const all = Object.entries(members);
  const within = (tap: Tap): [Teacher, string] => {
    const [name = '', ...path] = describeTap(tap).split('/');
    return [members[name] as Teacher, path.join('/')];
  };
  return {
    describe: async ({ taps }) => ({
      ...(await (members[all[0]?.[0] ?? ''] as Teacher).describe({ taps: [] })),
      taps: await Promise.all(
        taps.map(async (tap) => {
          const [member, path] = within(tap);
          return (await member.describe({ taps: [path] })).taps[0] as ValueInfo;
        }),
      ),
    }),
    predict: async (batch, { outputs, taps }) => {
      const answers = await Promise.all(
        all.map(async ([, one]) => one.predict(batch, { outputs, taps: [] })),
      );
      return {
        members: answers.flatMap((answer, index) =>
          answer.members.map((member) => ({
            outputs: member.outputs,
            weight: member.weight * (weights?.[all[index]?.[0] ?? ''] ?? 1 / all.length),
          })),
        ),
        taps: await Promise.all(
          taps.map(async (tap) => {
            const [member, path] = within(tap);
            return (await member.predict(batch, { outputs: [], taps: [path] })).taps[0] as Tensor;
          }),
        ),
      };
    },
  };
}
