import { cast, mul, ones, sub, sum, tensor1d, tensor2d, tensor3d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm, frozen } from '@kd/core';
import type { Targets, TargetPlace, Term } from '@kd/core';
import { hardTarget, hardTargetFromDistributions, softTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { gradients, read } from '../test/evaluate.js';
import { hardLoss } from '../test/float64.js';
import { identity } from '../test/models.js';
import { answerOf, answeringTeacher, descriptionOf } from '../test/teachers.js';
import { squares } from '../test/terms.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

await useBackend('cpu');

const tolerance = { relative: 1e-5, absolute: 1e-6 };
const z = [
  [3, 1, 0.5],
  [-1, 0, 2],
];
const inputs = { x: tensor2d(z) };
const objectiveOf = (...terms: Term[]): Promise<Objective> =>
  buildObjective(defineRecipe({ student: { model: identity(3), convention: 'logits' }, terms }));

describe('targets', () => {
  const ids = (hardLoss(2, z[0] ?? []) + hardLoss(0, z[1] ?? [])) / 2;
  it.each<[string, Tensor, boolean]>([
    ['class ids', tensor1d([2, 0], 'int32'), false],
    ['class ids as floats', tensor1d([2, 0]), false],
    ['class ids in a column', tensor2d([[2], [0]], [2, 1], 'int32'), false],
    ['one-hot labels', tensor2d([[0, 0, 1], [1, 0, 0]]), true], // prettier-ignore
    ['one-hot labels as whole numbers', tensor2d([[0, 0, 1], [1, 0, 0]], [2, 3], 'int32'), true], // prettier-ignore
  ])('are taken as %s', async (_, labels, distributions) => {
    const objective = await objectiveOf(distributions ? hardTargetFromDistributions() : hardTarget());
    const batch = { inputs, targets: { labels } };
    await objective.checkTargets(batch);
    expectClose(read(objective, { batch }).total, ids, tolerance);
  });

  it('are class ids of sequences too, in a column or not', async () => {
    const dense = layers.dense({
      units: 3,
      useBias: false,
      kernelInitializer: 'identity',
      inputShape: [2, 3],
    });
    const student = { model: sequential({ layers: [dense] }), convention: 'logits' } as const;
    const objective = await buildObjective(defineRecipe({ student, terms: [hardTarget()] }));
    for (const labels of [tensor2d([[2, 0]], [1, 2], 'int32'), tensor3d([[[2], [0]]])]) {
      const batch = { inputs: { x: tensor3d([z]) }, targets: { labels } };
      await objective.checkTargets(batch);
      expectClose(read(objective, { batch }).total, ids, tolerance);
    }
  });

  const wanting = (as: TargetPlace['as'], output: 'logits' | 'values' = 'logits'): Term => ({
    ...squares('wanting'),
    reads: { student: { logits: { as: output } }, targets: { labels: { as } } },
  });
  const build = (term: Term): Promise<Objective> => {
    const values = term.reads.student?.['logits'] as { readonly as: 'logits' | 'values' };
    return buildObjective(
      defineRecipe({ student: { model: identity(3), convention: values.as }, terms: [term] }),
    );
  };
  it.each<[string, Term, Tensor, string, ...string[]]>([
    [
      'one-hot labels as ids',
      wanting('class-ids'),
      zeros([2, 3]),
      'KD_TENSOR_SHAPE',
      '[2,3], which is one number',
    ],
    ['ids out of range', wanting('class-ids'), tensor1d([0, 3]), 'KD_LABEL_RANGE', 'from 0 to 2', '3'],
    ['half ids', wanting('class-ids'), tensor1d([0.5, 0]), 'KD_LABEL_RANGE', '0.5'],
    ['ids of another rank', wanting('class-ids'), zeros([2, 1, 1]), 'KD_TENSOR_SHAPE', '[2,1,1]'],
    [
      'distributions that sum to 2',
      wanting('probabilities'),
      mul(ones([2, 3]), 2 / 3),
      'KD_LABEL_RANGE',
      'sum',
    ],
    ['distributions of other classes', wanting('probabilities'), ones([2, 2]), 'KD_TENSOR_SHAPE', '[2,2]'],
    [
      'values that are not finite',
      wanting('values', 'values'),
      mul(ones([2, 3]), NaN),
      'KD_LABEL_RANGE',
      'NaN',
    ],
    ['values of another width', wanting('values', 'values'), ones([2, 4]), 'KD_TENSOR_SHAPE', '[2,4]'],
  ])('are refused: %s', async (_, term, labels, code, ...facts) => {
    const objective = await build(term);
    const targets: Targets = { targets: { labels } };
    await expectKdError(() => objective.checkTargets(targets), code, 'the term "wanting"', ...facts);
  });

  it('of classes are not held against an embedding, nor its width', async () => {
    const objective = await build(wanting('class-ids', 'values'));
    await objective.checkTargets({ targets: { labels: tensor1d([0, 99]) } });
  });

  it('are each for the output under their own name', async () => {
    const heads = [2, 1].map((units) => layers.dense({ units, inputShape: [3] }));
    const { inputs: from } = sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })] });
    const { model: functional } = await import('@tensorflow/tfjs-layers');
    const model = functional({
      inputs: from,
      outputs: heads.map((head) => head.apply(from[0] as never) as never),
    });
    const convention = Object.fromEntries(
      ['boxes', 'depth'].map((name, index) => [
        name,
        { convention: 'values', from: heads[index]?.name ?? '' } as const,
      ]),
    );
    const place = (output: string) => ({ as: 'values', output }) as const;
    const term: Term = {
      ...squares('a'),
      reads: {
        student: { boxes: place('boxes'), depth: place('depth') },
        targets: { boxes: { as: 'values' }, depth: { as: 'values' } },
      },
    };
    const objective = await buildObjective(defineRecipe({ student: { model, convention }, terms: [term] }));
    await objective.checkTargets({ targets: { boxes: ones([2, 2]), depth: ones([2, 1]) } });
    const swapped = { targets: { boxes: ones([2, 1]), depth: ones([2, 2]) } };
    await expectKdError(() => objective.checkTargets(swapped), 'KD_TENSOR_SHAPE', 'targets.boxes');
  });
});

describe('numbers of a step', () => {
  const drawing = (name: string, seen: number[][]): Term =>
    defineTerm({
      name,
      reads: {},
      loss: (step) => {
        seen.push(...[step.random([2, 2]), step.random([4])].map((drawn) => Array.from(drawn.dataSync())));
        return { values: zeros([2]) };
      },
    });

  it('are drawn anew in each call, term and seed, and repeat', async () => {
    const seen: number[][] = [];
    const objective = await objectiveOf(drawing('a', seen), drawing('b', seen));
    const draw = (seed?: number): number[][] => {
      seen.length = 0;
      read(objective, { batch: { inputs }, ...(seed === undefined ? {} : { seed }) });
      return [...seen];
    };
    const drawn = [draw(1), draw(2), draw(), draw()].flat();
    expect(new Set(drawn.map((each) => each.join())).size).toBe(16);
    expect(drawn.flat().every((each) => each >= 0 && each < 1)).toBe(true);
    expect(draw(1)).toEqual(drawn.slice(0, 4));
  });

  it('are scalars at the time of the step, and say whether it trains', async () => {
    const term = defineTerm({
      name: 'a',
      reads: {},
      scalars: { fixed: 2, moving: ({ step, epoch }) => step + 10 * epoch },
      loss: ({ scalars, training }) => ({
        values: mul(ones([2]), mul(mul(scalars.fixed, scalars.moving), training ? 1 : -1)),
      }),
    });
    const objective = await objectiveOf(term);
    const of = (training: boolean) => ({ batch: { inputs }, time: { step: 3, epoch: 1 }, training });
    expect(read(objective, of(true)).total).toBe(26);
    expect(read(objective, of(false)).total).toBe(-26);
  });

  it.each([NaN, Infinity, 0])(
    'are refused if a schedule of the temperature returns %d',
    async (temperature) => {
      const teacher = answeringTeacher(descriptionOf(3));
      const student = { model: identity(3), convention: 'logits' } as const;
      const terms = [softTarget({ temperature: () => temperature })];
      const objective = await buildObjective(defineRecipe({ student, teacher, terms }));
      await expectNoLeak(async () => {
        const answer = answerOf(ones([2, 3]));
        await expectKdError(
          () => read(objective, { batch: { inputs }, answer, time: { step: 3, epoch: 1 } }),
          'KD_OPTION_RANGE',
          'softTarget',
          'options.temperature',
        );
        answer.members[0]?.outputs['output']?.dispose();
      });
    },
  );
});

describe('layers of a module', () => {
  const module = defineModule({
    name: 'net',
    reads: {},
    build: () => ({
      net: sequential({
        layers: [
          layers.batchNormalization({ momentum: 0.5, inputShape: [3] }),
          layers.dropout({ rate: 0.5 }),
          layers.dense({
            units: 3,
            useBias: false,
            kernelInitializer: 'identity',
            kernelRegularizer: regularizers.l2({ l2: 0.1 }),
          }),
        ],
      }),
    }),
  });
  const using = (net: typeof module): Term =>
    defineTerm({
      name: 'a',
      reads: { student: { logits: { as: 'logits' } } },
      modules: { net },
      loss: ({ student, modules }) => ({
        values: sum(
          mul(modules.net.net(sub(student.logits, 1)), cast(tensor1d([1, 10, 100]), 'float32')),
          -1,
        ),
      }),
    });
  const statistics = ({ moduleWeights }: Objective): number[] =>
    moduleWeights
      .filter(({ name }) => name.includes('moving'))
      .flatMap(({ variable }) => Array.from(variable.dataSync()));
  const fresh = [0, 0, 0, 1, 1, 1];

  it('train and draw as the step says', async () => {
    const objective = await objectiveOf(using(module));
    const of = (seed: number, training = true) => ({ batch: { inputs }, seed, training });
    expect(read(objective, of(1, false)).total).toBe(read(objective, of(2, false)).total);
    expect(statistics(objective)).toEqual(fresh);
    const first = read(objective, of(1)).total;
    // Half the mean of the rows [2, 0, -0.5] and [-2, -1, 1].
    expectClose(statistics(objective).slice(0, 3), [0, -0.25, 0.125], tolerance);
    expect(read(objective, of(1)).total).toBe(first);
    expect(read(objective, of(3)).total).not.toBe(first);
    objective.dispose();
  });

  it('count their regularisers if they are trained', async () => {
    const objective = await objectiveOf(using(module));
    expectClose(read(objective, { batch: { inputs } }).losses['regularizers'] ?? NaN, 0.3, tolerance);
    expect(Object.keys(gradients(objective, { batch: { inputs } }))).toContain('net/net/4/kernel');
    objective.dispose();
  });

  it('stand still if they are frozen: statistics, dropout, regularisers and weights', async () => {
    const objective = await objectiveOf(using(frozen(module)));
    const of = (seed: number) => ({ batch: { inputs }, seed, training: true });
    expect(read(objective, of(1)).total).toBe(read(objective, of(2)).total);
    expect(statistics(objective)).toEqual(fresh);
    expect(Object.keys(read(objective, of(1)).losses)).toEqual(['a']);
    // The student still learns through them.
    expect(Object.keys(gradients(objective, of(1)))).toEqual(['logits/kernel']);
    expect((gradients(objective, of(1))['logits/kernel'] ?? []).some((each) => each !== 0)).toBe(true);
    objective.dispose();
  });

  it('leave no tensor behind', async () => {
    const objective = await objectiveOf(using(module));
    await expectNoLeak(() => {
      gradients(objective, { batch: { inputs }, training: true, seed: 1 });
    });
    objective.dispose();
  });
});
