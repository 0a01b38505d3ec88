import {
  matMul,
  memory,
  randomNormal,
  scalar,
  square,
  sub,
  sum,
  tensor2d,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Module, Term } from '@kd/core';
import { subSeed } from '@kd/core';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { identity } from '../test/models.js';
import { buildObjective } from './objective.js';
import type { Objective, ObjectiveOptions } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const batch = { inputs: { x: tensor2d([[1, -2]]) } };
const tolerance = { relative: 1e-5, absolute: 1e-6 };

/** A trained matrix, and an untrained counter. */
const projection = (
  name = 'projection',
  initial?: number[],
): Module & { build: ReturnType<typeof vi.fn> } => ({
  name,
  build: vi.fn(({ seed }: { seed: number }) => {
    const kernel = tidy(() =>
      variable(
        initial === undefined ? randomNormal([2, 2], 0, 1, 'float32', seed) : tensor2d(initial, [2, 2]),
      ),
    );
    const steps = scalar(0);
    return {
      trainable: { kernel },
      buffers: { steps },
      dispose: () => {
        kernel.dispose();
        steps.dispose();
      },
    };
  }),
});
const using = (module: Module, name = 'a', others: Partial<Term> = {}): Term => ({
  apiVersion: 1,
  name,
  reduces: 'example',
  modules: [module],
  loss: ({ student, modules }) => {
    const kernel = modules[module.name]?.trainable['kernel'] as Variable;
    return { values: sum(square(sub(matMul(student.output, kernel as Tensor), 1)), -1) };
  },
  ...others,
});
const objectiveOf = (terms: Term[], options: ObjectiveOptions = {}): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model: identity(2), convention: 'logits' }, terms }), options);
const kernelOf = ({ trainable }: Objective, name: string): number[] =>
  Array.from(trainable.find((weight) => weight.name === name)?.variable.dataSync() ?? []);

describe('modules', () => {
  it('are built once and shared between terms, for the shapes of the first', async () => {
    const module = projection();
    const first = using(module, 'a', { taps: { student: ['logits'] } });
    const objective = await objectiveOf([first, using(module, 'b')], { seed: 5, datasetSize: 60 });
    const output = { convention: 'logits', shape: [null, 2] };
    expect(module.build.mock.calls).toEqual([
      [
        {
          seed: subSeed(5, 'module', 'projection'),
          datasetSize: 60,
          shapes: { student: { output, taps: [[null, 2]] } },
        },
      ],
    ]);
    const { losses } = read(objective, { batch });
    expect(losses['a']).toBe(losses['b']);
    objective.dispose();
  });

  it('do not receive the size of the data set if it is unknown', async () => {
    const module = projection();
    (await objectiveOf([using(module)])).dispose();
    expect(module.build.mock.calls[0]?.[0]).not.toHaveProperty('datasetSize');
  });

  it('are trained with the student, under module/variable; their untrained state is not', async () => {
    const module = projection('regressor', [1, 0, 2, 1]);
    const objective = await objectiveOf([using(module)]);
    expect(objective.trainable.map(({ name }) => name)).toEqual(['logits/kernel', 'regressor/kernel']);
    // x W V - 1 with W the identity: [1 - 4 - 1, -2 - 1]; the gradients are 2 x^T r and 2 x^T r V^T.
    const residual = [-4, -3];
    const { total } = read(objective, { batch });
    expectClose(total, 25, tolerance);
    const found = gradients(objective, { batch });
    const ofKernel = [1, -2].flatMap((each) => residual.map((r) => 2 * each * r));
    expectClose(found['regressor/kernel'] ?? [], ofKernel, tolerance);
    const back = [residual[0] as number, 2 * (residual[0] as number) + (residual[1] as number)];
    expectClose(
      found['logits/kernel'] ?? [],
      [1, -2].flatMap((each) => back.map((r) => 2 * each * r)),
      tolerance,
    );
    objective.dispose();
  });

  it('get separate seeds from the seed of the objective', async () => {
    const build = async (seed: number | undefined, ...names: string[]): Promise<number[][]> => {
      const terms = names.map((name) => using(projection(name), name));
      const objective = await objectiveOf(terms, seed === undefined ? {} : { seed });
      const kernels = names.map((name) => kernelOf(objective, `${name}/kernel`));
      objective.dispose();
      return kernels;
    };
    const [one, two] = await build(1, 'one', 'two');
    expect(one).not.toEqual(two);
    // Whatever the order and the other modules.
    expect(await build(1, 'two', 'one')).toEqual([two, one]);
    expect(await build(1, 'one')).toEqual([one]);
    expect(await build(2, 'one')).not.toEqual([one]);
    expect(await build(undefined, 'one')).toEqual(await build(0, 'one'));
  });

  it('are disposed with the objective; student and batch are not', async () => {
    const terms = [using(projection('one'), 'a'), using(projection('two'), 'b')];
    const recipe = defineRecipe({ student: { model: identity(2), convention: 'logits' }, terms });
    await expectNoLeak(async () => {
      const before = memory().numTensors;
      const objective = await buildObjective(recipe);
      expect(memory().numTensors - before).toBe(4);
      gradients(objective, { batch });
      objective.dispose();
    });
    expect(recipe.student.model.getWeights()[0]?.isDisposed).toBe(false);
    expect(batch.inputs.x.isDisposed).toBe(false);
  });

  it('leak nothing if one of them cannot be built', async () => {
    const broken: Module = {
      name: 'broken',
      build: () => {
        throw new Error('no regressor maps these shapes');
      },
    };
    const terms = [using(projection('one'), 'a'), using(broken, 'b')];
    const recipe = defineRecipe({ student: { model: identity(2), convention: 'logits' }, terms });
    await expectNoLeak(async () => {
      await expect(buildObjective(recipe)).rejects.toThrow('no regressor maps these shapes');
    });
  });

  it('are refused if one of their variables has the name of a variable of the student', async () => {
    const recipe = defineRecipe({
      student: { model: identity(2), convention: 'logits' },
      terms: [using(projection('logits'))],
    });
    await expectNoLeak(async () => {
      await expectKdError(
        () => buildObjective(recipe),
        'KD_TERM_DUPLICATE',
        'the name of each module',
        '"logits/kernel" twice',
      );
    });
  });

  it('are built after the terms are checked', async () => {
    const module = projection();
    const check = (): void => {
      throw new Error('wrong shapes');
    };
    await expect(objectiveOf([using(module, 'a'), using(module, 'b', { check })])).rejects.toThrow(
      'wrong shapes',
    );
    expect(module.build.mock.calls).toEqual([]);
  });
});
