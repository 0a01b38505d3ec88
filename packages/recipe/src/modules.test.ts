import {
  add,
  engine,
  matMul,
  memory,
  mul,
  ones,
  randomNormal,
  scalar,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  variable,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm, frozen, subSeed } from '@kd/core';
import type { Module, Parts, Term } from '@kd/core';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import type { Mock } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { identity } from '../test/models.js';
import { termOf } from '../test/terms.js';
import type { ModuleStore } from './built-modules.js';
import { buildObjective } from './build-objective.js';
import type { ObjectiveOptions } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const batch = { inputs: { x: tensor2d([[1, -2]]) } };
const tolerance = { relative: 1e-5, absolute: 1e-6 };

/** A trained matrix, and an untrained counter. */
const projection = (name = 'projection', initial?: number[]) =>
  defineModule({
    name,
    reads: { student: { logits: { as: 'logits' } } },
    build: vi.fn(({ seed }: { readonly seed: number }) => ({
      kernel: variable(
        initial === undefined ? randomNormal([2, 2], 0, 1, 'float32', seed) : tensor2d(initial, [2, 2]),
      ),
      steps: variable(scalar(0), false),
    })),
  });
/** The spy on the build of a module. */
const builds = (module: Module): Mock => Reflect.get(module, 'build') as unknown as Mock;
/** Squares of `x W V - 1`, with W the student's kernel and V that of the module. */
const using = (module: ReturnType<typeof projection>, name = 'a'): Term =>
  defineTerm({
    name,
    reads: { student: { logits: { as: 'logits' } } },
    modules: { of: module },
    loss: ({ student, modules }) => ({
      values: sum(square(sub(matMul(student.logits, modules.of.kernel as Tensor), 1)), -1),
    }),
  });
const recipeOf = (...terms: Term[]) =>
  defineRecipe({ student: { model: identity(2), convention: 'logits' }, terms });
const objectiveOf = (terms: Term[], options: ObjectiveOptions = {}): Promise<Objective> =>
  buildObjective(recipeOf(...terms), options);
const kernelOf = ({ trainable }: Objective, name: string): number[] =>
  Array.from(trainable.find((weight) => weight.name === name)?.variable.dataSync() ?? []);
const moduleOf = (build: () => Parts, name = 'm'): Module => defineModule({ name, reads: {}, build });
/** A term that lists a module and does nothing with it. */
const listing = (module: Module, name = 'a'): Term => ({
  ...termOf(name, (logits) => sum(logits, -1)),
  modules: { of: module },
});

describe('modules', () => {
  it('are built once and shared between terms, from what they read', async () => {
    const module = projection();
    const objective = await objectiveOf([using(module, 'a'), using(module, 'b')], {
      seed: 5,
      datasetSize: 60,
    });
    const logits = { convention: 'logits', shape: [null, 2] };
    expect(builds(module).mock.calls).toEqual([
      [{ student: { logits }, teacher: {}, seed: subSeed(5, 'module', 'projection'), datasetSize: 60 }],
    ]);
    const { losses } = read(objective, { batch });
    expect(losses['a']).toBe(losses['b']);
    objective.dispose();
  });

  it('are trained with the student, under module/part; their untrained state is saved, but not trained', async () => {
    const objective = await objectiveOf([using(projection('regressor', [1, 0, 2, 1]))]);
    expect(objective.trainable.map(({ name }) => name)).toEqual(['logits/kernel', 'regressor/kernel']);
    expect(objective.moduleWeights.map(({ name, trainable }) => [name, trainable])).toEqual([
      ['regressor/kernel', true],
      ['regressor/steps', false],
    ]);
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

  it('that a term only uses are not trained, unless another term of the recipe trains them', async () => {
    const module = projection('regressor', [1, 0, 2, 1]);
    const still = frozen(module);
    const alone = await objectiveOf([using(still)]);
    expect(alone.trainable.map(({ name }) => name)).toEqual(['logits/kernel']);
    expect(alone.moduleWeights.map(({ name }) => name)).toEqual(['regressor/kernel', 'regressor/steps']);
    expectClose(read(alone, { batch }).total, 25, tolerance);
    alone.dispose();
    const both = await objectiveOf([using(still, 'a'), using(module, 'b')]);
    expect(builds(module)).toHaveBeenCalledTimes(2);
    expect(both.trainable.map(({ name }) => name)).toEqual(['logits/kernel', 'regressor/kernel']);
    both.dispose();
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
    const recipe = recipeOf(using(projection('one'), 'a'), using(projection('two'), 'b'));
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

  it.each<[string, () => Parts, string, string?]>([
    [
      'throws',
      () => {
        variable(ones([3]));
        throw new Error('no regressor maps these shapes');
      },
      'no regressor maps these shapes',
    ],
    ['returns a number', () => ({ table: ones([3]), size: 3 }) as unknown as Parts, 'm/size', '3'],
    [
      'returns a layer without weights beside a constant',
      () => ({ table: ones([3]), kernel: variable(ones([3])), net: layers.dense({ name: 'net', units: 2 }) }),
      'm/net',
      'the layer "net"',
    ],
  ])('leak nothing if the build of one of them %s', async (_, build, ...facts) => {
    const recipe = recipeOf(using(projection('one'), 'a'), listing(moduleOf(build), 'b'));
    await expectNoLeak(async () => {
      const rejected = await buildObjective(recipe).then(String, String);
      for (const fact of facts) expect(rejected).toContain(fact);
    });
  });

  it('leave nothing of their initial values, in closures and in layers', async () => {
    const build = (): Parts => {
      const net = layers.dense({ units: 2, inputShape: [2], weights: [mul(ones([2, 2]), 3), ones([2])] });
      return {
        net: sequential({ layers: [net] }),
        kernel: variable(add(ones([2]), 1)),
        table: mul(ones([2]), 5),
      };
    };
    const recipe = recipeOf(listing(moduleOf(build)));
    await expectNoLeak(async () => {
      (await buildObjective(recipe)).dispose();
    });
  });

  it.each<[string, () => Parts, string[]]>([
    [
      'tensors and functions have none',
      () => ({ table: ones([2]), twice: (x: Tensor) => mul(x, 2), kernel: variable(ones([2])) }),
      ['m/kernel'],
    ],
    [
      'lists are numbered',
      () => ({ kernels: [variable(ones([1])), variable(ones([2]), false)] }),
      ['m/kernels/0', 'm/kernels/1'],
    ],
    [
      'layers have those of their weights, by position',
      () => ({
        net: sequential({
          layers: [layers.dense({ units: 2, inputShape: [2], useBias: false }), layers.batchNormalization()],
        }),
      }),
      ['m/net/0/kernel', 'm/net/1/gamma', 'm/net/2/beta', 'm/net/3/moving_mean', 'm/net/4/moving_variance'],
    ],
    [
      'layers in a list too',
      () => {
        const built = layers.dense({ units: 2, useBias: false });
        built.build([null, 2]);
        return { nets: [built] };
      },
      ['m/nets/0/0/kernel'],
    ],
    [
      'an encoder in its autoencoder is one',
      () => {
        const autoencoder = sequential({
          layers: [1, 2].map((units) => layers.dense({ units, inputShape: [3 - units], useBias: false })),
        });
        const encoder = functional({
          inputs: autoencoder.inputs,
          outputs: autoencoder.layers[0]?.output as (typeof autoencoder.outputs)[0],
        });
        return { encoder, autoencoder };
      },
      ['m/encoder/0/kernel', 'm/autoencoder/1/kernel'],
    ],
  ])('have names for their weights: %s', async (_, build, names) => {
    const recipe = recipeOf(listing(moduleOf(build)));
    await expectNoLeak(async () => {
      const objective = await buildObjective(recipe);
      expect(objective.moduleWeights.map(({ name }) => name)).toEqual(names);
      expect(objective.moduleWeights.every(({ paths }) => paths.includes('m'))).toBe(true);
      objective.dispose();
    });
  });

  it('are given to the loss by the names of the term: tensors, functions and lists unchanged', async () => {
    const module = moduleOf(() => ({
      table: tensor1d([10, 100]),
      shift: (x: Tensor) => add(x, 1),
      factors: [variable(scalar(2)), scalar(3)],
    }));
    const term = defineTerm({
      name: 'a',
      reads: { student: { logits: { as: 'logits' } } },
      modules: { mine: module },
      loss: ({ student, modules }) => {
        const { table, shift, factors } = modules.mine as unknown as {
          table: Tensor;
          shift: (x: Tensor) => Tensor;
          factors: [Tensor, Tensor];
        };
        return { values: sum(mul(mul(mul(shift(student.logits), table), factors[0]), factors[1]), -1) };
      },
    });
    const objective = await objectiveOf([term]);
    // (1 + 1) * 10 + (-2 + 1) * 100, times 2 and 3
    expectClose(read(objective, { batch }).total, -480, tolerance);
    objective.dispose();
  });

  it.each([
    ['a weight of the student', 'logits', '"logits" twice'],
    ['a model around its layers', 'backbone', '"backbone" twice'],
  ])('are refused if they have the name of %s', async (_, name, fact) => {
    const backbone = sequential({
      name: 'backbone',
      layers: [layers.dense({ name: 'hidden', units: 2, inputShape: [2] })],
    });
    const model = sequential({ layers: [backbone, layers.dense({ name: 'logits', units: 2 })] });
    // No weight of the module has the name of a weight of the student.
    const terms = [listing(moduleOf(() => ({ bank: variable(ones([2])) }), name))];
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms });
    await expectNoLeak(async () => {
      await expectKdError(() => buildObjective(recipe), 'KD_TERM_DUPLICATE', 'the name of each module', fact);
    });
  });

  it('are built after the terms are checked', async () => {
    const module = projection();
    const check = (): void => {
      throw new Error('wrong shapes');
    };
    await expect(objectiveOf([using(module, 'a'), { ...using(module, 'b'), check }])).rejects.toThrow(
      'wrong shapes',
    );
    expect(builds(module).mock.calls).toEqual([]);
  });
});

describe('a store of modules', () => {
  it('is shared by two objectives, and disposed by whoever made it', async () => {
    const module = projection('regressor');
    const modules: ModuleStore = new Map();
    const recipes = [recipeOf(using(module)), recipeOf(using(module, 'b'))] as const;
    await expectNoLeak(async () => {
      const first = await buildObjective(recipes[0], { modules, seed: 1 });
      const before = kernelOf(first, 'regressor/kernel');
      first.dispose();
      const second = await buildObjective(recipes[1], { modules, seed: 2 });
      expect(builds(module)).toHaveBeenCalledTimes(1);
      expect(kernelOf(second, 'regressor/kernel')).toEqual(before);
      second.dispose();
      expect([...modules.keys()]).toEqual(['regressor']);
      for (const built of modules.values()) built.dispose();
    });
  });

  it('has no two modules of one name', async () => {
    const modules: ModuleStore = new Map();
    const first = await objectiveOf([using(projection('regressor'))], { modules });
    const other = recipeOf(using(projection('regressor')));
    await expectNoLeak(async () => {
      await expectKdError(
        () => buildObjective(other, { modules }),
        'KD_TERM_DUPLICATE',
        'the name of each module',
        '"regressor" twice',
      );
    });
    first.dispose();
    for (const built of modules.values()) built.dispose();
  });

  it('leaves no variable with the engine', async () => {
    const before = Object.keys(engine().state.registeredVariables).length;
    const modules: ModuleStore = new Map();
    const recipe = recipeOf(using(projection('regressor')));
    const ofStudent = Object.keys(engine().state.registeredVariables).length - before;
    (await buildObjective(recipe, { modules })).dispose();
    for (const built of modules.values()) built.dispose();
    expect(Object.keys(engine().state.registeredVariables).length - before).toBe(ofStudent);
  });
});
