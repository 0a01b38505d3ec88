// Teachers of all kinds beside steps of one call, compared with eager ones, to the bit.
import { stepFunctions } from '@kd/core';
import type { Teacher } from '@kd/core';
import { hint } from '@kd/hint-regressor';
import { geometricMean, hardTarget, softTarget, softTargetFromTop } from '@kd/soft-target-loss';
import type { MixTargets } from '@kd/soft-target-loss';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { cachedTeacher, ensembleTeacher, graphModelTeacher, layersTeacher } from '@kd/teacher';
import { functionTeacher } from '@kd/teacher/function';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { io, setBackend, tidy, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenFile } from '../golden.js';
import { expectSame } from './both-ways.js';
import { classes, dataOf, denseNet, examples, withWeights } from './small.js';
import { trainSame } from './train-same.js';
import type { Training } from './train-same.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

const logits = { convention: 'logits' } as const;
const data = { ...dataOf(), ids: Array.from({ length: examples }, (_, row) => `example ${String(row)}`) };
const live = (phase = 5): Teacher =>
  layersTeacher(denseNet([layers.batchNormalization({ name: 'norm' })], {}, phase), logits);
const terms = (mix?: MixTargets) => [hardTarget(), softTarget({ temperature: 3, ...(mix && { mix }) })];
const taughtBy = (teacher: Teacher, mix?: MixTargets): Training => ({
  data,
  recipe: { teacher, terms: terms(mix) },
});

async function ofGraph(): Promise<Training> {
  const { weights, ...rest } = goldenFile('teacher/graph-model') as io.ModelArtifacts & { weights: string };
  const weightData = Uint8Array.from(Buffer.from(weights, 'base64')).buffer;
  const graph = await loadGraphModel(io.fromMemory({ ...rest, format: 'graph-model', weightData }));
  const [{ shape = [] } = {}] = graph.inputs;
  const size = shape.slice(1);
  const teacher = graphModelTeacher(graph, {
    convention: { output: { convention: 'logits', from: 'logits' } },
  });
  const guided = layers.conv2d({
    name: 'guided',
    filters: 2,
    kernelSize: 3,
    padding: 'same',
    inputShape: size,
  });
  const model = withWeights(sequential({ layers: [guided, layers.flatten(), layers.dense({ units: 3 })] }));
  return {
    model,
    data: dataOf(size),
    recipe: {
      teacher,
      terms: [...terms(), hint({ student: 'guided', teacher: 'features', kind: 'resize' })],
    },
  };
}

/** A training beside the teacher whose answers are in a set, of the k largest if k is given. */
async function ofStored(taught: (teacher: Teacher) => Training, topK?: number): Promise<Training> {
  const folder = await mkdtemp(join(tmpdir(), 'kd-compiled-'));
  const out = join(folder, 'set');
  try {
    await storeSoftTargets({ teacher: live(), data, out, ...(topK !== undefined && { topK }) });
    return taught(await storedTeacher(out));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Members whose weights change from batch to batch. */
function moody(): Teacher {
  const [one, other] = [live(), live(9)];
  let asked = 0;
  return {
    describe: one.describe.bind(one),
    predict: async (batch, request) => {
      asked += 1;
      const share = asked % 5 === 0 ? 0.25 : 0.5;
      const [{ members: [a] }, { members: [b] }] = [await one.predict(batch, request), await other.predict(batch, request)]; // prettier-ignore
      const outputs = (member: typeof a): Record<string, Tensor> => ({ ...member?.outputs });
      return {
        members: [{ outputs: outputs(a), weight: share }, { outputs: outputs(b), weight: 1 - share }], // prettier-ignore
        taps: [],
      };
    },
  };
}

const cases: Readonly<Record<string, () => Training | Promise<Training>>> = {
  'a layers model': () => taughtBy(live()),
  'a graph model, and a hint': ofGraph,
  'a function': () =>
    taughtBy(
      functionTeacher(
        ({ inputs }) => tidy(() => mul(Object.values(inputs)[0]?.slice([0, 0], [-1, 3]) as Tensor, 2)),
        {
          ...logits,
          shape: [null, classes],
          fingerprint: 'twice',
        },
      ),
    ),
  'stored soft targets': () => ofStored(taughtBy),
  'the most likely classes of stored soft targets': () =>
    ofStored((teacher) => ({ data, recipe: { teacher, terms: [hardTarget(), softTargetFromTop()] } }), 2),
  'remembered answers': () => taughtBy(cachedTeacher(live())),
  'an ensemble': () => taughtBy(ensembleTeacher({ a: live(), b: live(9) }, { weights: { a: 0.7, b: 0.3 } })),
  'an ensemble, mixed geometrically': () =>
    taughtBy(ensembleTeacher({ a: live(), b: live(9) }), geometricMean),
  'members whose weights change': () => taughtBy(moody()),
};

describe.skipIf(!isInstalled)('steps of one call beside a teacher', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each(Object.entries(cases))('have the bits of eager ones: %s', async (_, make) => {
    const both = await trainSame(make);
    expect(both.eager.result).toHaveProperty('failure', undefined);
    expectSame(both);
    expect(both.compiled.calls).toBeGreaterThanOrEqual(18);
  });

  it('see a weight of the teacher that changes', async () => {
    const both = await trainSame(() => {
      const model = denseNet([], {}, 5);
      const onEpochEnd = (epoch: number): void => {
        if (epoch === 1) withWeights(model, 9);
      };
      const teacher = layersTeacher(model, logits);
      return { recipe: { teacher, terms: terms() }, epochs: 5, callbacks: [{ onEpochEnd }] };
    });
    expectSame(both);
  });
});
