import {
  add,
  keep,
  memory,
  mul,
  ones,
  square,
  sum,
  tensor2d,
  tidy,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm } from '@kd/core';
import type { Batch, Teacher, Term } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import { gradients } from '../test/evaluate.js';
import { answerOf, answeringTeacher, descriptionOf } from '../test/teachers.js';
import { squares } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
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
};
const answer = answerOf(
  tensor2d([
    [1, 0],
    [0, 1],
  ]),
  [tensor2d([[7], [8]])],
);
const teacher: Teacher = {
  ...answeringTeacher(descriptionOf(2), answer),
  describe: ({ taps }) => Promise.resolve(descriptionOf(2, { taps: taps.map(() => ({ shape: [null, 1] })) })),
};
const model = sequential({
  layers: [
    layers.dense({ name: 'hidden', units: 2, kernelInitializer: 'identity', inputShape: [2] }),
    layers.dense({ name: 'logits', units: 2, kernelInitializer: 'identity' }),
  ],
});
const objectiveOf = (...terms: Term[]): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model, convention: 'logits' }, teacher, terms }));
const time = { step: 4, epoch: 1 };
/** An evaluation whose tape has ended. */
const evaluated = (objective: Objective, watch: (total: number) => void = () => undefined): Evaluation => {
  let evaluation: Evaluation | undefined;
  tidy(() => {
    evaluation = objective.evaluate({ batch, answer, time, training: true });
    watch(evaluation.total.dataSync()[0] ?? NaN);
  });
  return evaluation as unknown as Evaluation;
};
/** Carries a tap of each side and the logits, doubled. */
const carrying = (afterStep: (carry: Readonly<Record<string, Tensor>>) => void, name = 'bank'): Term =>
  defineTerm({
    name,
    reads: { student: { hidden: 'hidden', logits: { as: 'logits' } }, teacher: { tap: 't' } },
    loss: ({ student, teacher: of }) => ({
      values: sum(square(student.logits), -1),
      carry: { hidden: student.hidden, doubled: mul(student.logits, 2), tap: of.tap },
    }),
    afterStep: ({ carry }) => {
      afterStep(carry);
    },
  });

describe('afterStep', () => {
  it('is called once, after the tape, with what the loss carries', async () => {
    const seen: Record<string, number[]> = {};
    const afterStep = vi.fn((carry: Readonly<Record<string, Tensor>>) => {
      for (const [name, tensor] of Object.entries(carry)) seen[name] = Array.from(tensor.dataSync());
    });
    const { afterStep: run, release } = evaluated(await objectiveOf(squares('other'), carrying(afterStep)));
    expect(afterStep).not.toHaveBeenCalled();
    run();
    expect(afterStep).toHaveBeenCalledTimes(1);
    expect(seen).toEqual({ hidden: [1, 2, 3, 4], doubled: [2, 4, 6, 8], tap: [7, 8] });
    release();
  });

  it('changes the state of a module, which the next loss reads', async () => {
    const bank = defineModule({
      name: 'bank',
      reads: {},
      build: () => ({ memory: variable(zeros([2, 2]), false) }),
    });
    const term = defineTerm({
      name: 'bank',
      reads: { student: { logits: { as: 'logits' } } },
      modules: { bank },
      loss: ({ student, modules }) => ({
        values: sum(modules.bank.memory as Tensor, -1),
        carry: { news: student.logits },
      }),
      afterStep: ({ modules, carry }) => {
        modules.bank.memory.assign(add(modules.bank.memory as Tensor, carry.news));
      },
    });
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
    await expectNoLeak(async () => {
      const objective = await buildObjective(recipe);
      const totals: number[] = [];
      for (let step = 0; step < 3; step++) {
        const { afterStep, release } = evaluated(objective, (total) => totals.push(total));
        // Not applied in the last step.
        if (step < 2) afterStep();
        release();
      }
      expect(totals).toEqual([0, 5, 10]);
      objective.dispose();
    });
  });

  it('keeps its `this`, and runs for each term that has one, in order', async () => {
    const order: string[] = [];
    const ordered = (name: string): Term => ({
      ...squares(name),
      afterStep(this: Term) {
        order.push(this.name);
      },
    });
    const { afterStep, release } = evaluated(
      await objectiveOf(ordered('one'), squares('none'), ordered('two')),
    );
    afterStep();
    release();
    expect(order).toEqual(['one', 'two']);
  });

  it('has its tensors released, and leaks none but what it keeps', async () => {
    let bank: Tensor | undefined;
    const term = carrying(({ hidden, doubled }) => {
      mul(doubled as Tensor, 2);
      bank?.dispose();
      bank = keep(mul(hidden as Tensor, 0.5));
    });
    const objective = await objectiveOf(term, squares('other'));
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

  it('holds what its own term carries, and nothing of terms without it', async () => {
    const without = { ...carrying(() => undefined), afterStep: undefined } as unknown as Term;
    const bare = await objectiveOf(without);
    await expectNoLeak(() => {
      evaluated(bare);
    });
    const withStep = await objectiveOf(carrying(() => undefined));
    const before = memory().numTensors;
    const { release } = evaluated(withStep);
    expect(memory().numTensors - before).toBe(3);
    release();
    expect(memory().numTensors - before).toBe(0);
  });

  it('holds nothing if a later term of the step throws', async () => {
    const odd = { ...squares('odd'), loss: () => ({ values: ones([5]) }) };
    const objective = await objectiveOf(
      carrying(() => undefined),
      odd,
    );
    await expectNoLeak(async () => {
      await expectKdError(() => evaluated(objective), 'KD_TERM_VALUES', 'the term "odd"');
    });
  });

  it('is given layers of modules as functions that neither train nor draw', async () => {
    const module = defineModule({
      name: 'net',
      reads: {},
      build: () => ({ net: sequential({ layers: [layers.dropout({ rate: 0.5, inputShape: [2] })] }) }),
    });
    const seen: number[] = [];
    const term = defineTerm({
      name: 'a',
      reads: { student: { logits: { as: 'logits' } } },
      modules: { module },
      loss: ({ student }) => ({ values: sum(student.logits, -1), carry: { logits: student.logits } }),
      afterStep: ({ modules, carry }) => {
        const { net } = modules.module as unknown as { net: (x: Tensor) => Tensor };
        seen.push(...net(carry.logits).dataSync());
      },
    });
    const objective = await objectiveOf(term);
    const { afterStep, release } = evaluated(objective);
    await expectNoLeak(afterStep);
    release();
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('does not block gradients, and what it is given has none', async () => {
    const without = { ...carrying(() => undefined), afterStep: undefined } as unknown as Term;
    const plain = gradients(await objectiveOf(without), { batch, answer });
    const objective = await objectiveOf(carrying(() => undefined));
    await expectNoLeak(() => {
      expect(gradients(objective, { batch, answer })).toEqual(plain);
    });
    expect(plain['logits/kernel']).toHaveLength(4);
  });
});
