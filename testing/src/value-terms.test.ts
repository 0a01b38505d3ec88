// Terms on values in a recipe: what counts is the recipe's business.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Batch, Teacher } from '@kd/core';
import { buildObjective, defineRecipe } from '@kd/recipe';
import type { Objective } from '@kd/recipe';
import { teacherBounded, valueMatching, valueTarget } from '@kd/regression-loss';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { tensor1d, tensor2d, tensor3d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

const exact = { relative: 1e-6, absolute: 1e-6 };
// Two examples with two anchors of two values; the student returns them unchanged.
const student = [[[1, 1], [2, 2]], [[3, 3], [4, 4]]]; // prettier-ignore
const boxes = [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]; // prettier-ignore
const teacherBoxes = [[[0, 2], [1, 1]], [[9, 9], [0, 0]]]; // prettier-ignore

function teacherOf(values: Tensor, width = 2): Teacher {
  return {
    describe: () =>
      Promise.resolve({
        outputs: { boxes: { convention: 'values', shape: [null, 2, width] } },
        taps: [],
        fingerprint: 'boxes',
        frozen: true,
      }),
    predict: () => ({ members: [{ outputs: { boxes: values.clone() }, weight: 1 }], taps: [] }),
  };
}

async function objectiveOf(given: number[][][] = teacherBoxes, width = 2): Promise<Objective> {
  const dense = layers.dense({
    units: 2,
    inputShape: [2, 2],
    useBias: false,
    kernelInitializer: 'identity',
    name: 'boxes',
  });
  const output = 'boxes';
  return buildObjective(
    defineRecipe({
      student: { model: sequential({ layers: [dense] }), convention: { boxes: 'values' } },
      teacher: teacherOf(tensor3d(given), width),
      terms: [valueMatching({ output }), valueTarget({ output }), teacherBounded({ output })],
    }),
  );
}

/** Losses, their denominators, and the gradient of the kernel. */
async function read(objective: Objective, others: Partial<Batch>, targets = boxes) {
  const batch: Batch = { inputs: { x: tensor3d(student) }, targets: { boxes: tensor3d(targets) }, ...others };
  await objective.checkTargets(batch);
  const answer = await objective.ask(batch);
  const request = { batch, answer, time: { step: 0, epoch: 0 }, training: true };
  const [losses, normalizers] = tidy(() => {
    const evaluation = objective.evaluate(request);
    const numbers = (of: object): number[] =>
      Object.values(of).map((one: Tensor | number) =>
        typeof one === 'number' ? one : (one.dataSync()[0] ?? NaN),
      );
    return [numbers(evaluation.losses), numbers(evaluation.normalizers)];
  });
  const { grads } = variableGrads(
    () => objective.evaluate(request).total,
    objective.trainable.map(({ variable }) => variable),
  );
  return { losses, normalizers, gradient: await (Object.values(grads)[0] as Tensor).data() };
}

describe('terms on values', () => {
  beforeAll(() => useBackend('cpu'));

  // Per anchor: against the teacher 1, 1, 36, 16; against the targets 1, 4, 9, 16; bounded 0 where the
  // teacher's 2, 1, 81, 0 is not below.
  it('are the mean over all anchors', async () => {
    const { losses } = await read(await objectiveOf(), {});
    expectClose(losses, [(1 + 1 + 36 + 16) / 4, (1 + 4 + 9 + 16) / 4, (4 + 16) / 4], exact);
  });

  it('count the anchors that the mask keeps', async () => {
    const mask = tensor2d([[1, 1], [0, 1]]); // prettier-ignore
    const { losses, normalizers } = await read(await objectiveOf(), { mask });
    expectClose(losses, [(1 + 1 + 16) / 3, (1 + 4 + 16) / 3, (4 + 16) / 3], exact);
    expect(normalizers).toEqual([3, 3, 3]);
  });

  it('look at no target of an example without one', async () => {
    const labelled = tensor1d([1, 0]);
    const targets = [[[0, 0], [0, 0]], [[NaN, NaN], [NaN, NaN]]]; // prettier-ignore
    const { losses, gradient } = await read(await objectiveOf(), { labelled }, targets);
    expectClose(losses, [(1 + 1 + 36 + 16) / 4, (1 + 4) / 2, 4 / 2], exact);
    expect(gradient.every((slope) => Number.isFinite(slope))).toBe(true);
  });

  it('let nothing of a masked anchor into the loss or the gradient, not even NaN', async () => {
    const mask = tensor2d([[1, 1], [0, 1]]); // prettier-ignore
    const spoilt = [[[0, 0], [0, 0]], [[NaN, NaN], [0, 0]]]; // prettier-ignore
    const [one, other] = [
      await read(await objectiveOf(), { mask }, spoilt),
      await read(await objectiveOf(), { mask }),
    ];
    expect(one).toEqual(other);
  });

  it('refuse a target that would have to be broadcast', async () => {
    const objective = await objectiveOf();
    const targets = { boxes: tensor2d([[0, 0], [0, 0]]) }; // prettier-ignore
    const facts = ['targets.boxes', '[2,2]', '[2,2,2]'];
    await expectKdError(() => objective.checkTargets({ targets }), 'KD_TENSOR_SHAPE', ...facts);
  });

  it('refuse a teacher of another width before the first step', async () => {
    const facts = ['valueMatching', '2,4] from the teacher', '2,2] from the student'];
    await expectKdError(() => objectiveOf(teacherBoxes, 4), 'KD_TENSOR_SHAPE', ...facts);
  });
});
