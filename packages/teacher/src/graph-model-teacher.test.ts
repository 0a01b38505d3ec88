import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { cast, dispose, grad, io, memory, ones, sum, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { goldenOf, graphModelArtifacts, tensorflowGolden, toTensor } from '../test/golden.js';
import { release } from '../test/release.js';
import { graphModelTeacher } from './index.js';
import type { GraphModelTeacherOptions } from './index.js';

await useBackend('cpu');

const load = (change: (artifacts: io.ModelArtifacts) => void = () => undefined): Promise<GraphModel> => {
  const artifacts = graphModelArtifacts();
  change(artifacts);
  return loadGraphModel(io.fromMemory(artifacts));
};
const logits: GraphModelTeacherOptions = { convention: { output: { convention: 'logits', from: 'logits' } } };
const image = toTensor(goldenOf(tensorflowGolden.inputs, 'image'));
const expected = (name: string): number[] => goldenOf(tensorflowGolden.outputs, name).values;
const close = { relative: 1e-5, absolute: 1e-5 };

describe('graphModelTeacher', () => {
  it('gives the same answers as TensorFlow, and taps nodes by name', async () => {
    const model = await load();
    const teacher = graphModelTeacher(model, logits);
    await expectNoLeak(async () => {
      const answer = await teacher.predict(
        { inputs: { x: image } },
        { outputs: ['output'], taps: ['features', 'pooled', 'features'] },
      );
      expectClose(await (answer.members[0]?.outputs['output'] as Tensor).data(), expected('logits'), close);
      expectClose(await (answer.taps[0] as Tensor).data(), expected('features'), close);
      expectClose(await (answer.taps[1] as Tensor).data(), expected('pooled'), close);
      expect(answer.taps.map(({ shape }) => shape)).toEqual([[3, 3, 4, 5], [3, 5], [3, 3, 4, 5]]); // prettier-ignore
      // The same value twice; either may be disposed.
      expect(answer.taps[2]).not.toBe(answer.taps[0]);
      release(answer);
    });
  });

  it('describes shapes that it finds by running, and its fingerprint', async () => {
    const teacher = graphModelTeacher(await load(), { ...logits, classes: ['a', 'b', 'c'] });
    await expectNoLeak(async () => {
      const { fingerprint, ...rest } = await teacher.describe({ taps: ['features', 'logits'] });
      expect(rest).toEqual({
        outputs: { output: { convention: 'logits', shape: [null, 3], classes: ['a', 'b', 'c'] } },
        taps: [{ shape: [null, 3, 4, 5] }, { shape: [null, 3] }],
        frozen: true,
      });
      expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect((await teacher.describe({ taps: [] })).fingerprint).toBe(fingerprint);
    });
  });

  it('changes its fingerprint with a weight, the graph or the output, and keeps it when loaded again', async () => {
    const print = async (model: GraphModel, options = logits): Promise<string> =>
      (await graphModelTeacher(model, options).describe({ taps: [] })).fingerprint;
    const first = await print(await load());
    expect(await print(await load())).toBe(first);
    const others = [
      await print(
        await load(({ weightData }) => {
          new Uint8Array(weightData as ArrayBuffer).set([1], 40);
        }),
      ),
      await print(
        await load(({ modelTopology }) => {
          const nodes = (modelTopology as { node: { name: string; op: string }[] }).node;
          for (const node of nodes) if (node.name === 'features') node.op = 'Elu';
        }),
      ),
      await print(await load(), { convention: { output: { convention: 'logits', from: 'pooled' } } }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it('leaves the model to its owner, with the bytes of its weights unchanged', async () => {
    const model = await load();
    const bytes = (): number[][] => Object.values(model.weights).flat().map((each) => [...each.dataSync()]); // prettier-ignore
    const before = bytes();
    const teacher = graphModelTeacher(model, logits);
    release(
      await teacher.predict(
        { inputs: { x: image } },
        { outputs: ['output'], taps: ['MatMul/ReadVariableOp'] },
      ),
    );
    expect(teacher).not.toHaveProperty('dispose');
    expect(bytes()).toEqual(before);
  });

  it('never gives away the tensors of the batch or of the model', async () => {
    const model = await load();
    const teacher = graphModelTeacher(model, logits);
    release(await teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: ['image'] }));
    expect(image.isDisposed).toBe(false);
    const [weight] = Object.values(model.weights).flat();
    vi.spyOn(model, 'execute').mockReturnValue(weight as Tensor);
    release(await teacher.predict({ inputs: { x: image } }, { taps: ['features'], outputs: [] }));
    expect(weight?.isDisposed).toBe(false);
  });

  it('is on no tape: it passes no gradient', async () => {
    const teacher = graphModelTeacher(await load(), logits);
    const asked: Promise<unknown>[] = [];
    const before = memory().numTensors;
    const slope = grad((x) => {
      asked.push(
        Promise.resolve(teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] })).then(
          release,
        ),
      );
      return sum(x);
    })(ones([2]));
    await Promise.all(asked);
    slope.dispose();
    expect(memory().numTensors - before).toBe(1);
  });

  it('computes only the taps if the output is not needed', async () => {
    const model = await load();
    const execute = vi.spyOn(model, 'execute');
    const teacher = graphModelTeacher(model, { ...logits, shape: [null, 3] });
    const answer = await teacher.predict({ inputs: { x: image } }, { taps: ['pooled'], outputs: [] });
    expect(answer.members).toEqual([]);
    expect(execute.mock.calls.map(([, nodes]) => nodes)).toEqual([['pooled']]);
    release(answer);
  });

  it('waits for a graph with control flow', async () => {
    const model = await load();
    vi.spyOn(model, 'execute').mockImplementation(() => {
      throw new Error("the dynamic op 'Where'. Please use model.executeAsync() instead.");
    });
    vi.spyOn(console, 'warn').mockReturnValue(undefined);
    const answer = await graphModelTeacher(model, logits).predict(
      { inputs: { x: image } },
      { outputs: ['output'], taps: [] },
    );
    expectClose(await (answer.members[0]?.outputs['output'] as Tensor).data(), expected('logits'), close);
    release(answer);
  });

  it('names a graph that fails, with the cause', async () => {
    const model = await load();
    const cause = new Error('no memory');
    const teacher = graphModelTeacher(model, { ...logits, shape: [null, 3] });
    vi.spyOn(model, 'execute').mockImplementation(() => {
      throw cause;
    });
    const ask = async (): Promise<unknown> =>
      teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] });
    await expectKdError(ask, 'KD_TEACHER_FAILED', 'graphModelTeacher', 'model', 'the error "no memory"');
    await expect(ask()).rejects.toMatchObject({ cause });
  });

  it('rejects with the reason of an aborted signal, before it computes and after', async () => {
    const reason = new Error('enough');
    const teacher = graphModelTeacher(await load(), logits);
    await teacher.describe({ taps: [] });
    await expectNoLeak(async () => {
      const aborted = { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) };
      await expect(teacher.predict({ inputs: { x: image } }, aborted)).rejects.toBe(reason);
      const controller = new AbortController();
      const asked = teacher.predict(
        { inputs: { x: image } },
        { outputs: ['output'], taps: ['features'], signal: controller.signal },
      );
      controller.abort(reason);
      await expect(asked).rejects.toBe(reason);
    });
  });
});

describe('graphModelTeacher refuses', () => {
  it.each<[string, Record<string, Tensor>, string, ...string[]]>([
    ['no input', {}, 'KD_INPUT_MISSING', 'batch.inputs', 'no inputs'],
    ['another shape', { x: zeros([1, 6, 8, 1]) }, 'KD_TENSOR_SHAPE', 'batch.inputs.x', '[1,6,8,1]'],
    ['another dtype', { x: cast(zeros([1, 6, 8, 2]), 'int32') }, 'KD_TENSOR_DTYPE', 'int32'],
    ['a value that is not a tensor', { x: [1] as unknown as Tensor }, 'KD_TENSOR_TYPE', 'batch.inputs.x'],
  ])('%s', async (_, inputs, code, ...facts) => {
    const teacher = graphModelTeacher(await load(), logits);
    await expectKdError(
      () => teacher.predict({ inputs }, { outputs: ['output'], taps: [] }),
      code,
      'graphModelTeacher',
      ...facts,
    );
  });

  it.each<[string, unknown, string, ...string[]]>([
    ['an unknown node', 'featurs', 'KD_TAP_UNKNOWN', 'tap "featurs"', '"featurs"', 'tap "featurs"'],
    ['a constant', 'pooled/reduction_indices', 'KD_TAP_UNKNOWN', 'tap "pooled/reduction_indices"'],
    [
      'a place before the activation',
      { layer: 'features', at: 'preActivation' },
      'KD_TAP_UNSUPPORTED',
      'features@preActivation',
    ],
    [
      'a value without a row for each example',
      'MatMul/ReadVariableOp',
      'KD_TAP_UNSUPPORTED',
      '[5,3] for one example and [5,3] for two',
    ],
    ['a value that is not a tap', 5, 'KD_OPTION_TYPE', 'a tap'],
  ])('%s', async (_, tap, code, ...facts) => {
    const teacher = graphModelTeacher(await load(), logits);
    await expectNoLeak(() =>
      expectKdError(() => teacher.describe({ taps: [tap as string] }), code, 'graphModelTeacher', ...facts),
    );
  });

  it.each<[string, unknown, string, ...string[]]>([
    [
      'several outputs without a name',
      { convention: 'logits' },
      'KD_OUTPUT_UNKNOWN',
      'options.convention',
      '"logits", and the outputs logits, pooled',
    ],
    [
      'an unknown output',
      { convention: { output: { convention: 'logits', from: 'logit' } } },
      'KD_OUTPUT_UNKNOWN',
      '"logit"',
      'options.convention["output"]',
    ],
    ['no convention', {}, 'KD_OPTION_TYPE', 'options.convention'],
    ['a misspelt option', { ...logits, class: [] }, 'KD_OPTION_UNKNOWN', 'options.class'],
    ['a shape without classes', { ...logits, shape: [3] }, 'KD_OPTION_TYPE', 'options.shape'],
    ['an open number of classes', { ...logits, shape: [null, null] }, 'KD_OPTION_TYPE', '[?,?]'],
    ['classes that are not names', { ...logits, classes: 'abc' }, 'KD_OPTION_TYPE', 'options.classes'],
    [
      'classes that do not go with the shape',
      { ...logits, shape: [null, 3], classes: ['a'] },
      'KD_CLASSES_MISMATCH',
      'options.classes',
    ],
  ])('%s', async (_, options, code, ...facts) => {
    const model = await load();
    await expectKdError(() => graphModelTeacher(model, options as GraphModelTeacherOptions), code, ...facts);
  });

  it('another number of classes than outputs, and a stated shape that differs from the answer', async () => {
    const model = await load();
    await expectKdError(
      () => graphModelTeacher(model, { ...logits, classes: ['a', 'b'] }).describe({ taps: [] }),
      'KD_CLASSES_MISMATCH',
      'options.classes',
      'an array of length 2',
    );
    const teacher = graphModelTeacher(model, { ...logits, shape: [null, 4] });
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: ['features'] }),
        'KD_TEACHER_OUTPUT',
        'its answer',
        '[3,3]',
      ),
    );
  });

  it('an answer that contradicts the stated convention', async () => {
    const teacher = graphModelTeacher(await load(), {
      convention: { output: { convention: 'probabilities', from: 'logits' } },
    });
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] }),
        'KD_PROBABILITY_RANGE',
        '"logits"',
      ),
    );
  });

  it('an output that is not float32', async () => {
    const model = await load();
    vi.spyOn(model, 'execute').mockImplementation(() => zeros([3, 3], 'int32'));
    const teacher = graphModelTeacher(model, { ...logits, shape: [null, 3] });
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] }),
        'KD_TENSOR_DTYPE',
        'an int32 tensor [3,3]',
      ),
    );
  });

  it.each<[string, unknown]>([
    ['no model', undefined],
    ['a model of layers', {}],
    ['a model without its graph', { execute: () => undefined, weights: {} }],
  ])('%s', async (_, model) => {
    await expectKdError(
      () => graphModelTeacher(model as GraphModel, logits),
      'KD_MODEL_UNSUPPORTED',
      'model',
    );
  });

  it('reads the numbers of the first answer only', async () => {
    const model = await load();
    const teacher = graphModelTeacher(model, { ...logits, shape: [null, 3] });
    release(await teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] }));
    const output = zeros([3, 3]);
    const data = vi.spyOn(output, 'data');
    vi.spyOn(model, 'execute').mockReturnValue(output);
    await teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] });
    expect(data).not.toHaveBeenCalled();
    dispose(output);
  });
});
