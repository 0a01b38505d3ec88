import { keep, memory, mul, square, sum, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Batch, Teacher, TeacherPrediction, Term, TermBatch, TermLoss } from '@kd/core';
import { expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import { gradients } from '../test/evaluate.js';
import { buildObjective } from './objective.js';
import type { Objective } from './objective.js';
import type { Evaluation } from './evaluate.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const batch: Batch = {
  inputs: {
    x: tensor2d([
      [1, 2],
      [3, 4],
    ]),
  },
  ids: ['a', 'b'],
};
const prediction: TeacherPrediction = {
  members: [
    {
      output: tensor2d([
        [1, 0],
        [0, 1],
      ]),
      weight: 1,
    },
  ],
  taps: [tensor2d([[7], [8]])],
};
const teacher: Teacher = {
  describe: ({ taps }) =>
    Promise.resolve({
      output: { convention: 'logits', shape: [null, 2] },
      taps: taps.map(() => [null, 1]),
      fingerprint: '',
      frozen: true,
    }),
  predict: () => Promise.resolve(prediction),
};
const model = sequential({
  layers: [
    layers.dense({ name: 'hidden', units: 2, kernelInitializer: 'identity', inputShape: [2] }),
    layers.dense({ name: 'logits', units: 2, kernelInitializer: 'identity' }),
  ],
});
const squares = (name: string, others: Partial<Term> = {}): Term => ({
  apiVersion: 1,
  name,
  reduces: 'example',
  loss: ({ student }) => ({ values: sum(square(student.output), -1) }),
  ...others,
});
const objectiveOf = (...terms: Term[]): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }));
const time = { step: 4, epoch: 1 };
/** An evaluation whose tape has ended. */
const evaluated = (objective: Objective, of: Batch = batch): Evaluation => {
  let evaluation: Evaluation | undefined;
  tidy(() => {
    evaluation = objective.evaluate({ batch: of, prediction, time, training: true });
  });
  return evaluation as unknown as Evaluation;
};

describe('afterStep', () => {
  it('is called once, after the tape, with live tensors and the arguments of the loss', async () => {
    const seen: number[][] = [];
    const afterStep = vi.fn((given: TermBatch) => {
      const { student, teacher: of } = given;
      const tensors = [
        student.output,
        ...student.taps,
        ...(of?.taps ?? []),
        of?.members[0]?.output as Tensor,
      ];
      seen.push(...tensors.map((tensor) => Array.from(tensor.dataSync())));
    });
    const term = squares('bank', { afterStep, taps: { student: ['hidden'], teacher: ['t'] } });
    const { afterStep: run, release } = evaluated(await objectiveOf(squares('other'), term));
    expect(afterStep).not.toHaveBeenCalled();
    run();
    expect(afterStep).toHaveBeenCalledTimes(1);
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [7, 8],
      [1, 0, 0, 1],
    ]);
    expect(afterStep.mock.calls[0]?.[0]).toMatchObject({ time, student: { convention: 'logits' } });
    expect(afterStep.mock.calls[0]?.[0].batch).toBe(batch);
    release();
  });

  it('keeps its `this`, and runs for each term that has one, in order', async () => {
    const order: string[] = [];
    class Bank {
      readonly apiVersion = 1;
      readonly reduces = 'example';
      readonly name: string;
      constructor(name: string) {
        this.name = name;
      }
      loss({ student }: TermBatch): TermLoss {
        return { values: sum(student.output, -1) };
      }
      afterStep(): void {
        order.push(this.name);
      }
    }
    const { afterStep, release } = evaluated(
      await objectiveOf(new Bank('one'), squares('none'), new Bank('two')),
    );
    afterStep();
    release();
    expect(order).toEqual(['one', 'two']);
  });

  it('has its tensors released, and leaks none but what it keeps', async () => {
    let bank: Tensor | undefined;
    const term = squares('bank', {
      taps: { student: ['hidden', 'logits'] },
      afterStep: ({ student }) => {
        mul(student.output, 2);
        bank?.dispose();
        bank = keep(mul(student.taps[0] as Tensor, 0.5));
      },
    });
    const objective = await objectiveOf(term, squares('other', { taps: { student: ['hidden'] } }));
    await expectNoLeak(() => {
      const { afterStep, release } = evaluated(objective);
      afterStep();
      release();
      expect(Array.from(bank?.dataSync() ?? [])).toEqual([0.5, 1, 1.5, 2]);
      bank?.dispose();
    });
    // A step that was not applied.
    await expectNoLeak(() => {
      evaluated(objective).release();
    });
  });

  it('holds two tensors for a term with a tap, and none for terms without afterStep', async () => {
    const without = await objectiveOf(squares('other', { taps: { student: ['hidden'] } }));
    await expectNoLeak(() => {
      evaluated(without);
    });
    const withStep = await objectiveOf(
      squares('bank', { taps: { student: ['hidden'] }, afterStep: () => undefined }),
    );
    const before = memory().numTensors;
    const { release } = evaluated(withStep);
    expect(memory().numTensors - before).toBe(2);
    release();
    expect(memory().numTensors - before).toBe(0);
  });

  it('sees the original values in rows without sample weight', async () => {
    const seen: number[] = [];
    const term = squares('bank', {
      needs: ['teacher'],
      afterStep: ({ teacher: of, batch: given }) => {
        seen.push(...(of?.members[0]?.output.dataSync() ?? []), ...(given.targets?.['t']?.dataSync() ?? []));
      },
    });
    const weighted = { ...batch, targets: { t: tensor1d([5, 6]) }, sampleWeight: tensor1d([0, 1]) };
    const { afterStep, release } = evaluated(await objectiveOf(term), weighted);
    afterStep();
    release();
    expect(seen).toEqual([1, 0, 0, 1, 5, 6]);
  });

  it('does not block gradients', async () => {
    const plain = gradients(await objectiveOf(squares('a')), { batch, prediction });
    const kept = squares('a', { taps: { student: ['hidden'] }, afterStep: () => undefined });
    await expectNoLeak(async () => {
      expect(gradients(await objectiveOf(kept), { batch, prediction })).toEqual(plain);
    });
  });
});
