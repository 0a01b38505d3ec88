// Outputs that are not classes, and models with several outputs.
import '@tensorflow/tfjs-backend-cpu';
import type { Convention, Teacher, Term, TermBatch, TermShapes } from '@kd/core';
import { defineRecipe, forInference } from '@kd/recipe';
import type { Student } from '@kd/recipe';
import { logitMatchingLoss, softTarget, softTargetLoss } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { Run } from '@kd/trainer';
import { mean, setBackend, slice, tensor, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { data, distance, matching, numbers, sgd, student, teacher, valueOf } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

const { inputs } = data;
const trainOn = (learner: Student, from: Teacher, terms: readonly Term[], optimizer = sgd): Promise<Run> =>
  train(defineRecipe({ student: learner, teacher: from, terms }), {
    data: { inputs },
    batchSize: 16,
    epochs: 1,
    optimizer,
  });

describe('an output of one number', () => {
  const x = tensor2d([
    [1, 2, 3, 4],
    [-9, 9, 0, 1],
  ]);
  const values = 'values' as Convention;
  const predicted = (of: LayersModel): string => String((of.predict(x) as Tensor).dataSync());

  it.fails('10 is trained and served unchanged', async () => {
    const served = async (): Promise<string> => {
      const learner = student(1, values);
      const { reason } = await trainOn(learner, teacher(1, values), [matching()]);
      const same = predicted(forInference(learner)) === predicted(learner.model);
      return `${reason}, served ${same ? 'as it is' : 'otherwise'}`;
    };
    expect(await outcome(served)).toBe('finished, served as it is');
  });

  it.fails('10 is not a logit: the softmax of any single number is 1', async () => {
    expect(await outcome(() => predicted(forInference(student(1))))).toMatch(/^KD_\w+: /);
  });

  it('10 is refused by softTarget', async () => {
    const seen = await outcome(() => trainOn(student(1), teacher(1), [softTarget({ temperature: 2 })]));
    expect(seen).toMatch(/^KD_TENSOR_SHAPE: .* N >= 2/);
  });

  it('10 gives logitMatching nothing to learn from, because it subtracts the mean of each row', () => {
    expect(valueOf(logitMatchingLoss(tensor2d([[1, 2]]), tensor2d([[101, 102]])))).toBe(0);
    expect(valueOf(logitMatchingLoss(tensor2d([[1, 2]]), tensor2d([[101, 104]])))).toBeCloseTo(0.5, 5);
  });
});

describe('a model with classes and boxes', () => {
  const heads = (units: number): LayersModel => {
    const x = input({ shape: [4] });
    const hidden = layers.dense({ units, activation: 'relu' }).apply(x) as SymbolicTensor;
    const head = (name: string, size: number): SymbolicTensor =>
      layers.dense({ name: `${name}_${String(units)}`, units: size }).apply(hidden) as SymbolicTensor;
    return model({ inputs: x, outputs: [head('classes', 3), head('boxes', 4)] });
  };

  it.fails('11 is distilled by one output each', async () => {
    const trained = async (): Promise<string> => {
      const of = (units: number): { convention: Convention } => {
        const conventions = {
          classes: { convention: 'logits', from: `classes_${String(units)}` },
          boxes: { convention: 'values', from: `boxes_${String(units)}` },
        };
        return { convention: conventions as unknown as Convention };
      };
      const soft = softTarget({ temperature: 2, ...{ output: 'classes' } });
      const learner = { model: heads(3), ...of(3) };
      const run = await trainOn(learner, layersTeacher(heads(9), of(9)), [soft]);
      return `${run.reason}, ${Object.keys(run.history[0]?.losses ?? {}).join()}`;
    };
    expect(await outcome(trained)).toBe('finished, soft');
  });

  it('11 is distilled as one output, and each term sees a part of it', async () => {
    const joined = ({ inputs: from, outputs }: LayersModel): LayersModel =>
      model({ inputs: from, outputs: layers.concatenate().apply(outputs) as SymbolicTensor });
    const [small, large] = [joined(heads(3)), joined(heads(9))];
    const terms = [part(softTarget({ temperature: 2 }), 0, 3), part(matching({ name: 'boxes' }), 3, 4)];
    const from = layersTeacher(large, { convention: 'logits' });
    const run = await trainOn({ model: small, convention: 'logits' }, from, terms, () => optimizers.sgd(0));

    const { values, shape } = numbers(16, [4]);
    const [z, v] = [small, large].map((of) => of.predict(tensor(values, shape)) as Tensor) as [
      Tensor,
      Tensor,
    ];
    const of = (side: Tensor, start: number, size: number): Tensor => slice(side, [0, start], [-1, size]);
    const soft = mean(softTargetLoss(of(v, 0, 3), of(z, 0, 3), { temperature: 2 }));
    const boxes = mean(distance(of(z, 3, 4), of(v, 3, 4)));
    expect(run.history[0]?.losses['soft']).toBeCloseTo(valueOf(soft), 5);
    expect(run.history[0]?.losses['boxes']).toBeCloseTo(valueOf(boxes), 5);
  });
});

/** A term that sees `size` numbers of each output, from `start` on. */
function part(term: Term, start: number, size: number): Term {
  const cut = <T extends { readonly output: Tensor }>(side: T): T => ({
    ...side,
    output: slice(side.output, [0, start], [-1, size]),
  });
  const shaped = <T extends TermShapes['student']>(side: T): T => ({
    ...side,
    output: { convention: side.output.convention, shape: [null, size] },
  });
  return {
    ...term,
    check: ({ student: ofStudent, teacher: ofTeacher }) =>
      term.check?.({
        student: shaped(ofStudent),
        ...(ofTeacher && { teacher: shaped(ofTeacher) }),
      }),
    loss: (batch: TermBatch) =>
      term.loss({
        ...batch,
        student: cut(batch.student),
        ...(batch.teacher && { teacher: { ...batch.teacher, members: batch.teacher.members.map(cut) } }),
      }),
  };
}
