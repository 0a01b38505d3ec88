// Teachers of different kinds in one ensemble, and errors that name any failing member.
import { readFileSync } from 'node:fs';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensorsOfBatch } from '@kd/core';
import type { Batch, Named, Teacher } from '@kd/core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import {
  add,
  dispose,
  div,
  gather,
  io,
  mul,
  softmax,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  goldenOf,
  goldenPath,
  graphModelArtifacts,
  onnxGolden,
  tensorflowGolden,
  toTensor,
} from '../test/golden.js';
import type { Golden } from '../test/golden.js';
import { release } from '../test/release.js';
import { functionTeacher } from './function.js';
import {
  alignClasses,
  arraysTeacher,
  channelsFirstTeacher,
  ensembleTeacher,
  graphModelTeacher,
  layersTeacher,
  cachedTeacher,
  withInputs,
} from './index.js';
import { onnxTeacher } from './onnx.js';

await useBackend('cpu');

const classes = ['a', 'b', 'c'];
const ids = ['one', 'two', 'three'];
const stored = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]; // prettier-ignore
const mlp = onnxGolden['mlp'] as Golden;
const features = goldenOf(mlp.inputs, 'x').values.slice(0, 12);
const inputs: Named = {
  image: toTensor(goldenOf(tensorflowGolden.inputs, 'image')),
  features: tensor2d(features, [3, 4]),
};
const batch: Batch = { inputs, ids };
const only = (name: string, teacher: Teacher): Teacher =>
  withInputs(teacher, { name, inputs: (given) => ({ [name]: given.inputs[name] as Tensor }) });

const model = await loadGraphModel(io.fromMemory(graphModelArtifacts()));
const stated = { convention: 'logits', classes } as const;
const named = { convention: { output: { convention: 'logits', from: 'logits' } }, classes } as const;
const members: Record<string, Teacher> = {
  graph: only('image', graphModelTeacher(model, named)),
  onnx: only('features', await onnxTeacher(ort, goldenPath('mlp.onnx'), named)),
  layers: only(
    'features',
    layersTeacher(sequential({ layers: [layers.dense({ name: 'top', units: 3, inputShape: [4] })] }), stated),
  ),
  call: functionTeacher((given) => (given.ids ?? []).map((id) => [id.length, 0, 0]), {
    ...stated,
    fingerprint: 'length',
  }),
  stored: arraysTeacher({ ids, rows: stored }, stated),
};

describe('an ensemble of all kinds of teachers', () => {
  const teacher = ensembleTeacher(members);

  it('has all their answers, and their taps by name', async () => {
    await expectNoLeak(async () => {
      const answer = await teacher.predict(batch, {
        outputs: ['output'],
        taps: ['onnx/hidden', 'graph/pooled', 'layers/top'],
      });
      const [graph, onnx, , call, rows] = await Promise.all(
        answer.members.map(async ({ outputs }) => outputs['output']?.data()),
      );
      const close = { relative: 1e-5, absolute: 1e-5 };
      expectClose(graph as Float32Array, goldenOf(tensorflowGolden.outputs, 'logits').values, close);
      expectClose(onnx as Float32Array, goldenOf(mlp.outputs, 'logits').values.slice(0, 9), close);
      expect(Array.from(call as Float32Array)).toEqual([3, 0, 0, 3, 0, 0, 5, 0, 0]);
      expect(Array.from(rows as Float32Array)).toEqual(stored.flat());
      expect(answer.taps.map(({ shape }) => shape)).toEqual([[3, 6], [3, 5], [3, 3]]); // prettier-ignore
      expect(answer.members.map(({ weight }) => weight)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
      release(answer);
    });
  });

  it('can be described, aligned and cached as one teacher', async () => {
    const whole = cachedTeacher(
      alignClasses(teacher, { classes: ['other', 'b'], map: { other: ['c', 'a'] } }),
    );
    const { outputs, taps, frozen } = await whole.describe({ taps: ['onnx/hidden', 'graph/pooled'] });
    expect({ outputs, taps, frozen }).toEqual({
      outputs: { output: { convention: 'logits', shape: [null, 2], classes: ['other', 'b'] } },
      taps: [{ shape: [null, 6] }, { shape: [null, 5] }],
      frozen: true,
    });
    await expectNoLeak(async () => {
      const first = await whole.predict(batch, { outputs: ['output'], taps: [] });
      const order = tensor1d([2, 0, 1], 'int32');
      const reordered = Object.entries(inputs).map(([name, input]) => [name, gather(input, order)] as const);
      const other: Batch = { inputs: Object.fromEntries(reordered), ids: ['three', 'one', 'two'] };
      const again = await whole.predict(other, { outputs: ['output'], taps: [] });
      const [a, b] = [
        await first.members[4]?.outputs['output']?.array(),
        await again.members[4]?.outputs['output']?.array(),
      ] as number[][][];
      expect(b).toEqual([a?.[2], a?.[0], a?.[1]]);
      expectClose(a?.[0] as number[], [Math.log(Math.exp(1) + Math.exp(3)), 2], {
        relative: 1e-6,
        absolute: 0,
      });
      release(first);
      release(again);
      dispose([order, ...tensorsOfBatch(other)]);
    });
  });
});

describe('a member that fails', () => {
  const wrongInputs: Batch = { inputs: { image: zeros([3, 6, 8, 1]), features: zeros([3, 5]) }, ids };

  it.each<[string, Batch, string, ...string[]]>([
    [
      'graph',
      wrongInputs,
      'KD_TENSOR_SHAPE',
      'graphModelTeacher, member "graph" of ensembleTeacher',
      'batch.inputs.image',
    ],
    [
      'onnx',
      wrongInputs,
      'KD_TENSOR_SHAPE',
      'onnxTeacher, member "onnx" of ensembleTeacher',
      'batch.inputs.features',
    ],
    ['layers', wrongInputs, 'KD_TENSOR_SHAPE', 'layersTeacher, member "layers" of ensembleTeacher'],
    [
      'stored',
      { inputs, ids: ['one', 'two', 'four'] },
      'KD_ID_UNKNOWN',
      'arraysTeacher, member "stored" of ensembleTeacher',
      'batch.ids',
      '"four"',
    ],
    [
      'call',
      { inputs, ids: ['one'] },
      'KD_TEACHER_OUTPUT',
      'functionTeacher, member "call" of ensembleTeacher',
      'its answer',
    ],
  ])('names itself: %s', async (name, given, code, ...facts) => {
    const others = { ...members };
    for (const each of Object.keys(others))
      if (each !== name && code !== 'KD_ID_UNKNOWN') delete others[each]; // eslint-disable-line @typescript-eslint/no-dynamic-delete
    await expectNoLeak(() =>
      expectKdError(
        () => ensembleTeacher(others).predict(given, { outputs: ['output'], taps: [] }),
        code,
        ...facts,
      ),
    );
  });

  it('names itself through alignment and transform', async () => {
    const inner = members['stored'] as Teacher;
    const wrapped = channelsFirstTeacher(alignClasses(inner, { classes: ['a', 'x'] }));
    const teacher = ensembleTeacher({ wrapped });
    await expectKdError(
      () => teacher.describe({ taps: [] }),
      'KD_CLASSES_MISMATCH',
      'alignClasses, member "wrapped" of ensembleTeacher',
    );
    await expectKdError(
      () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
      'KD_CLASSES_MISMATCH',
      'member "wrapped"',
    );
  });
});

interface MixtureCase {
  readonly name: string;
  readonly params: {
    readonly mode: 'arithmetic' | 'geometric';
    readonly T: number;
    readonly weights: number[];
  };
  readonly teacher: number[][][];
  readonly teacherProbabilities: number[][];
}
const mixtures = (JSON.parse(readFileSync(goldenPath('ensemble.json'), 'utf8')) as { cases: MixtureCase[] })
  .cases;

describe('members that are mixed at a temperature', () => {
  it.each(mixtures.map((one) => [one.name, one] as const))(
    '%s: as PyTorch',
    async (_, { params, teacher, teacherProbabilities }) => {
      const given = teacher[0]?.map((_row, index) => String(index)) ?? [];
      // The golden weights are rounded.
      const total = params.weights.reduce((sum, weight) => sum + weight);
      const names = teacher.map((_rows, index) => `teacher ${String(index)}`);
      const ensemble = ensembleTeacher(
        Object.fromEntries(
          teacher.map((rows, index) => [
            names[index] as string,
            arraysTeacher({ ids: given, rows }, { convention: 'logits' }),
          ]),
        ),
        {
          weights: Object.fromEntries(
            params.weights.map((weight, index) => [names[index] as string, weight / total]),
          ),
        },
      );
      const answer = await ensemble.predict({ inputs: {}, ids: given }, { outputs: ['output'], taps: [] });
      const mixed = tidy(() => {
        const parts = answer.members.map(({ outputs, weight }) => {
          const cooled = div(outputs['output'] as Tensor, params.T);
          return params.mode === 'arithmetic' ? mul(softmax(cooled), weight) : mul(cooled, weight);
        });
        const sum = parts.reduce((one, other) => add(one, other));
        return params.mode === 'arithmetic' ? sum : softmax(sum);
      });
      expectClose(await mixed.data(), teacherProbabilities, { relative: 1e-5, absolute: 1e-7 });
    },
  );
});
