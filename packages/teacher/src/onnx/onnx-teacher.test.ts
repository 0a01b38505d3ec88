import { readFileSync } from 'node:fs';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { cast, ones, tensor, transpose, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { describe, expect, it, vi } from 'vitest';
import { goldenOf, goldenPath, onnxGolden, toTensor } from '../../test/golden.js';
import type { Golden } from '../../test/golden.js';
import { release } from '../../test/release.js';
import { channelsFirstTeacher } from '../index.js';
import { onnxTeacher } from '../onnx.js';
import type { OnnxRuntime, OnnxSession, OnnxTeacherOptions } from '../onnx.js';

await useBackend('cpu');

const pathOf = (name: string): string => goldenPath(`${name}.onnx`);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(pathOf(name)));
const golden = (name: string): Golden => onnxGolden[name] as Golden;
const inputs = (name: string): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(golden(name).inputs).map(([key, value]) => [
      key,
      toTensor(value, key === 'ids' ? 'int32' : 'float32'),
    ]),
  );
const close = { relative: 1e-5, absolute: 1e-5 };
const logits: OnnxTeacherOptions = { convention: { output: { convention: 'logits', from: 'logits' } } };

describe('onnxTeacher gives the same answers as onnxruntime in Python', () => {
  it('about a multi-layer perceptron, with a tap', async () => {
    const teacher = await onnxTeacher(ort, pathOf('mlp'), logits);
    const batch = { inputs: { anything: inputs('mlp')['x'] as Tensor } };
    await expectNoLeak(async () => {
      const answer = await teacher.predict(batch, { outputs: ['output'], taps: ['hidden', 'logits'] });
      const { outputs } = golden('mlp');
      expectClose(
        await (answer.members[0]?.outputs['output'] as Tensor).data(),
        goldenOf(outputs, 'logits').values,
        close,
      );
      expectClose(await (answer.taps[0] as Tensor).data(), goldenOf(outputs, 'hidden').values, close);
      expect(answer.taps.map(({ shape }) => shape)).toEqual([[5, 6], [5, 3]]); // prettier-ignore
      expect(answer.taps[1]).not.toBe(answer.members[0]?.outputs['output']);
      release(answer);
    });
    teacher.dispose?.();
  });

  it('about a convolutional net, whose images and maps have channels first', async () => {
    const inner = await onnxTeacher(ort, bytesOf('convnet'), {
      convention: { output: { convention: 'probabilities', from: 'probabilities' } },
    });
    const teacher = channelsFirstTeacher(inner);
    const image = transpose(inputs('convnet')['image'] as Tensor, [0, 2, 3, 1]);
    expect((await teacher.describe({ taps: ['map'] })).taps).toEqual([{ shape: [null, 3, 4, 5] }]);
    await expectNoLeak(async () => {
      const answer = await teacher.predict({ inputs: { image } }, { outputs: ['output'], taps: ['map'] });
      const { outputs } = golden('convnet');
      expectClose(
        await (answer.members[0]?.outputs['output'] as Tensor).data(),
        goldenOf(outputs, 'probabilities').values,
        close,
      );
      const map = transpose(answer.taps[0] as Tensor, [0, 3, 1, 2]);
      expect(map.shape).toEqual(goldenOf(outputs, 'map').shape);
      expectClose(await map.data(), goldenOf(outputs, 'map').values, close);
      map.dispose();
      release(answer);
    });
  });

  it('about token ids, which become 64-bit integers, and a second input', async () => {
    const teacher = await onnxTeacher(ort, bytesOf('tokens'), { convention: 'logits' });
    const { ids, scale } = inputs('tokens');
    const answer = await teacher.predict(
      { inputs: { scale: scale as Tensor, ids: ids as Tensor } },
      { outputs: ['output'], taps: [] },
    );
    expectClose(
      await (answer.members[0]?.outputs['output'] as Tensor).data(),
      goldenOf(golden('tokens').outputs, 'logits').values,
      close,
    );
  });

  it('about a logistic regression of scikit-learn', async () => {
    const options = {
      convention: { output: { convention: 'probabilities', from: 'probabilities' } },
      classes: ['a', 'b', 'c'],
    } as const;
    const teacher = await onnxTeacher(ort, bytesOf('logistic'), options);
    const answer = await teacher.predict({ inputs: inputs('logistic') }, { outputs: ['output'], taps: [] });
    const { values } = goldenOf(golden('logistic').outputs, 'probabilities');
    expectClose(await (answer.members[0]?.outputs['output'] as Tensor).data(), values, close);
  });

  it('in float64, if rounding is allowed', async () => {
    const teacher = await onnxTeacher(ort, bytesOf('mlp-float64'), { ...logits, roundFloat64: true });
    const answer = await teacher.predict(
      { inputs: inputs('mlp-float64') },
      { outputs: ['output'], taps: ['hidden'] },
    );
    const { outputs } = golden('mlp-float64');
    expect(answer.members[0]?.outputs['output']?.dtype).toBe('float32');
    expectClose(
      await (answer.members[0]?.outputs['output'] as Tensor).data(),
      goldenOf(outputs, 'logits').values,
      close,
    );
    expectClose(await (answer.taps[0] as Tensor).data(), goldenOf(outputs, 'hidden').values, close);
  });
});

describe('onnxTeacher', () => {
  it('describes what the session reports', async () => {
    const teacher = await onnxTeacher(ort, bytesOf('mlp'), { ...logits, classes: ['a', 'b', 'c'] });
    const { fingerprint, ...rest } = await teacher.describe({ taps: ['hidden'] });
    expect(rest).toEqual({
      outputs: { output: { convention: 'logits', shape: [null, 3], classes: ['a', 'b', 'c'] } },
      taps: [{ shape: [null, 6] }],
      frozen: true,
    });
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has a fingerprint of the bytes and of the output', async () => {
    const print = async (model: string | Uint8Array, options: OnnxTeacherOptions): Promise<string> =>
      (await (await onnxTeacher(ort, model, options)).describe({ taps: [] })).fingerprint;
    const first = await print(pathOf('mlp'), logits);
    expect(await print(bytesOf('mlp'), logits)).toBe(first);
    const changed = bytesOf('mlp');
    // The first weight after the name; a tag and a length lie between.
    const weight = Buffer.from(changed).lastIndexOf('hidden/kernel') + 'hidden/kernel'.length + 2;
    changed[weight] = (changed[weight] as number) ^ 1;
    const others = [
      await print(bytesOf('mlp'), { convention: { output: { convention: 'logits', from: 'hidden' } } }),
      await print(changed, logits),
      await print(bytesOf('mlp'), { ...logits, fingerprint: 'version 2' }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it('reads a model from a URL', async () => {
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response(bytesOf('mlp') as BodyInit)));
    const teacher = await onnxTeacher(ort, 'https://example.org/mlp.onnx', logits);
    expect((await teacher.describe({ taps: [] })).outputs['output']?.shape).toEqual([null, 3]);
    fetched.mockImplementation(() =>
      Promise.resolve(new Response('', { status: 404, statusText: 'Not Found' })),
    );
    await expectKdError(
      () => onnxTeacher(ort, 'https://example.org/x.onnx', logits),
      'KD_FILE_READ',
      '404 Not Found',
    );
    fetched.mockRestore();
  });

  it('leaves a session of the caller alone, and releases its own', async () => {
    const session = await ort.InferenceSession.create(pathOf('mlp'));
    const stays = vi.spyOn(session, 'release').mockResolvedValue(undefined);
    const teacher = await onnxTeacher(ort, session, { ...logits, fingerprint: 'mlp v1' });
    expect(teacher).not.toHaveProperty('dispose');
    release(await teacher.predict({ inputs: inputs('mlp') }, { outputs: ['output'], taps: [] }));
    expect(stays).not.toHaveBeenCalled();
    const create = vi.spyOn(ort.InferenceSession, 'create').mockResolvedValue(session);
    (await onnxTeacher(ort, bytesOf('mlp'), logits)).dispose?.();
    expect(stays).toHaveBeenCalledTimes(1);
    // A session that is not needed is closed again.
    await expectKdError(
      () => onnxTeacher(ort, bytesOf('mlp'), { convention: 'logits' }),
      'KD_OUTPUT_UNKNOWN',
    );
    expect(stays).toHaveBeenCalledTimes(2);
    create.mockRestore();
  });

  it('does one run of a session at a time, even after a failed run', async () => {
    let running = 0;
    const run = vi.fn(async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      if (run.mock.calls.length === 1) throw new Error('busy');
      return { y: new ort.Tensor('float32', new Float32Array([1, 3]), [1, 2]) };
    });
    const session = { inputNames: ['x'], outputNames: ['y'], run } as unknown as OnnxSession;
    const teacher = await onnxTeacher(ort, session, {
      convention: 'logits',
      shape: [null, 2],
      fingerprint: 'v1',
    });
    const ask = async (): Promise<unknown> =>
      teacher.predict({ inputs: { x: ones([1, 2]) } }, { outputs: ['output'], taps: [] });
    const settled = await Promise.allSettled([ask(), ask(), ask()]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('works with a session that reports no shapes, as in onnxruntime 1.20', async () => {
    const session = await ort.InferenceSession.create(pathOf('mlp'));
    const old = {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      run: session.run.bind(session),
    } as unknown as OnnxSession;
    const told = { ...logits, fingerprint: 'v1' };
    await expectKdError(() => onnxTeacher(ort, old, told), 'KD_OPTION_TYPE', 'options.shape');
    const teacher = await onnxTeacher(ort, old, { ...told, classes: ['a', 'b', 'c'] });
    const answer = await teacher.predict(
      { inputs: inputs('mlp') },
      { outputs: ['output'], taps: ['hidden'] },
    );
    expectClose(
      await (answer.members[0]?.outputs['output'] as Tensor).data(),
      goldenOf(golden('mlp').outputs, 'logits').values,
      close,
    );
    await expectKdError(
      () => teacher.describe({ taps: ['hidden'] }),
      'KD_TAP_UNSUPPORTED',
      'a session without outputMetadata',
    );
  });

  it('rejects with the reason of an aborted signal, before it computes and after', async () => {
    const teacher = await onnxTeacher(ort, bytesOf('mlp'), logits);
    const reason = new Error('enough');
    const batch = { inputs: inputs('mlp') };
    await expectNoLeak(async () => {
      await expect(
        teacher.predict(batch, { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason);
      const controller = new AbortController();
      const asked = teacher.predict(batch, {
        outputs: ['output'],
        taps: ['hidden'],
        signal: controller.signal,
      });
      controller.abort(reason);
      await expect(asked).rejects.toBe(reason);
    });
  });

  it('requests only the needed outputs', async () => {
    const session = await ort.InferenceSession.create(pathOf('mlp'));
    const run = vi.spyOn(session, 'run');
    const teacher = await onnxTeacher(ort, session, { ...logits, fingerprint: 'v1' });
    const batch = { inputs: inputs('mlp') };
    expect((await teacher.predict(batch, { taps: ['hidden'], outputs: [] })).members).toEqual([]);
    expect((await teacher.predict(batch, { taps: [], outputs: [] })).taps).toEqual([]);
    expect(run.mock.calls.map(([, names]) => names)).toEqual([['hidden']]);
  });
});

describe('onnxTeacher refuses', () => {
  it('the maps that scikit-learn outputs, and says how to export without them', async () => {
    const options = {
      convention: { output: { convention: 'probabilities', from: 'output_probability' } },
      shape: [null, 3],
    } as const;
    const facts = ['the output "output_probability"', 'a sequence or a map'];
    await expectKdError(
      () => onnxTeacher(ort, bytesOf('logistic-zipmap'), options),
      'KD_OUTPUT_UNSUPPORTED',
      ...facts,
    );
    // Without metadata, the run reveals it.
    const session = await ort.InferenceSession.create(bytesOf('logistic-zipmap'));
    const old = {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      run: session.run.bind(session),
    };
    const teacher = await onnxTeacher(ort, old, { ...options, fingerprint: 'v1' });
    await expectKdError(
      () => teacher.predict({ inputs: { X: ones([1, 4]) } }, { outputs: ['output'], taps: [] }),
      'KD_OUTPUT_UNSUPPORTED',
      ...facts,
    );
  });

  it('outputs that are not float32', async () => {
    await expectKdError(() => onnxTeacher(ort, bytesOf('mlp-float64'), logits), 'KD_OUTPUT_UNSUPPORTED',
      'the output "logits"', 'float64', 'roundFloat64'); // prettier-ignore
    const options = {
      convention: { output: { convention: 'logits', from: 'label' } },
      shape: [null, 1],
    } as const;
    await expectKdError(
      () => onnxTeacher(ort, bytesOf('logistic'), options),
      'KD_OUTPUT_UNSUPPORTED',
      'int64',
    );
  });

  it.each<[string, Record<string, Tensor>, string, ...string[]]>([
    ['a missing input', {}, 'KD_INPUT_MISSING', 'batch.inputs', 'no inputs'],
    ['another shape', { x: zeros([2, 3]) }, 'KD_TENSOR_SHAPE', 'batch.inputs.x', '[2,3]'],
    ['another dtype', { x: cast(zeros([2, 4]), 'bool') }, 'KD_TENSOR_DTYPE', 'batch.inputs.x', 'bool'],
  ])('%s', async (_, wrong, code, ...facts) => {
    const teacher = await onnxTeacher(ort, bytesOf('mlp'), logits);
    await expectKdError(
      () => teacher.predict({ inputs: wrong }, { outputs: ['output'], taps: [] }),
      code,
      'onnxTeacher',
      ...facts,
    );
  });

  it('what onnxruntime refuses, with the cause', async () => {
    const teacher = await onnxTeacher(ort, bytesOf('tokens'), { convention: 'logits' });
    const batch = { inputs: { ids: tensor([[9]], [1, 1], 'int32'), scale: ones([1, 1]) } };
    await expectNoLeak(() =>
      expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
        'KD_TEACHER_FAILED',
        'the model',
        'the error',
        'indices element out of data bounds',
      ),
    );
  });

  it('an input of a type that tfjs does not have', async () => {
    const session = {
      inputNames: ['x'],
      outputNames: ['y'],
      inputMetadata: [{ name: 'x', isTensor: true, type: 'string', shape: ['n'] }],
      run: () => Promise.resolve({}),
    } as unknown as OnnxSession;
    const teacher = await onnxTeacher(ort, session, {
      convention: 'logits',
      shape: [null, 2],
      fingerprint: 'v1',
    });
    await expectKdError(
      () => teacher.predict({ inputs: { x: ones([1]) } }, { outputs: ['output'], taps: [] }),
      'KD_OUTPUT_UNSUPPORTED',
      'the input "x"',
      'string',
    );
  });

  it('logits that are stated to be probabilities, and the other way round', async () => {
    const wrong = await onnxTeacher(ort, bytesOf('mlp'), {
      convention: { output: { convention: 'probabilities', from: 'logits' } },
    });
    const batch = { inputs: inputs('mlp') };
    await expectNoLeak(() =>
      expectKdError(
        () => wrong.predict(batch, { outputs: ['output'], taps: ['hidden'] }),
        'KD_PROBABILITY_RANGE',
        '"logits"',
      ),
    );
    const other = await onnxTeacher(ort, bytesOf('logistic'), {
      convention: { output: { convention: 'logits', from: 'probabilities' } },
    });
    await expectKdError(
      () => other.predict({ inputs: inputs('logistic') }, { outputs: ['output'], taps: [] }),
      'KD_OUTPUT_CONVENTION',
      '"probabilities"',
    );
  });

  it.each<[string, unknown, string, ...string[]]>([
    ['an unknown tap', 'hiden', 'KD_TAP_UNKNOWN', 'tap "hiden"'],
    [
      'a place before the activation',
      { layer: 'hidden', at: 'preActivation' },
      'KD_TAP_UNSUPPORTED',
      'hidden@preActivation',
    ],
    ['a value that is not a tap', {}, 'KD_OPTION_TYPE', 'a tap'],
  ])('%s', async (_, tap, code, ...facts) => {
    const teacher = await onnxTeacher(ort, bytesOf('mlp'), logits);
    await expectKdError(() => teacher.describe({ taps: [tap as string] }), code, ...facts);
    await expectKdError(
      () => teacher.predict({ inputs: inputs('mlp') }, { outputs: ['output'], taps: [tap as string] }),
      code,
      ...facts,
    );
  });

  it.each<[string, unknown, unknown, string, ...string[]]>([
    [
      'several outputs without a name',
      bytesOf('mlp'),
      { convention: 'logits' },
      'KD_OUTPUT_UNKNOWN',
      'the outputs logits, hidden',
    ],
    ['an unknown output', bytesOf('mlp'), { convention: { y: 'logits' } }, 'KD_OUTPUT_UNKNOWN', '"y"'],
    [
      'another shape than the model has',
      bytesOf('mlp'),
      { ...logits, shape: [null, 4] },
      'KD_TENSOR_SHAPE',
      'options.shape',
      '[?,4]',
    ],
    [
      'too few classes',
      bytesOf('mlp'),
      { ...logits, classes: ['a'] },
      'KD_CLASSES_MISMATCH',
      'options.classes',
    ],
    ['no convention', bytesOf('mlp'), {}, 'KD_OPTION_TYPE', 'options.convention'],
    ['a misspelt option', bytesOf('mlp'), { ...logits, names: [] }, 'KD_OPTION_UNKNOWN', 'options.names'],
    [
      'an invalid fingerprint',
      bytesOf('mlp'),
      { ...logits, fingerprint: '' },
      'KD_OPTION_TYPE',
      'options.fingerprint',
    ],
    [
      'an invalid name',
      bytesOf('mlp'),
      { convention: { output: { convention: 'logits', from: 1 } } },
      'KD_OPTION_TYPE',
      'options.convention["output"].from',
    ],
    [
      'roundFloat64 that is not a boolean',
      bytesOf('mlp'),
      { ...logits, roundFloat64: 1 },
      'KD_OPTION_TYPE',
      'options.roundFloat64',
    ],
    [
      'a file that is not there',
      '/nothing.onnx',
      logits,
      'KD_FILE_READ',
      '"/nothing.onnx", and the error "ENOENT',
    ],
    ['bytes that are not a model', new Uint8Array(8), logits, 'KD_FILE_READ', '8 bytes'],
    ['a value that is not a model', {}, logits, 'KD_MODEL_UNSUPPORTED', 'model'],
    [
      'a session without a fingerprint',
      { run: () => 1, inputNames: [], outputNames: [] },
      logits,
      'KD_OPTION_TYPE',
      'options.fingerprint',
    ],
    [
      'options for a session that is open',
      { run: () => 1, inputNames: [], outputNames: [] },
      { ...logits, fingerprint: 'v', sessionOptions: {} },
      'KD_OPTION_TYPE',
      'options.sessionOptions',
    ],
  ])('%s', async (_, model, options, code, ...facts) => {
    await expectKdError(
      () => onnxTeacher(ort, model as string, options as OnnxTeacherOptions),
      code,
      'onnxTeacher',
      ...facts,
    );
  });

  it('a value that is not a runtime', async () => {
    await expectKdError(
      () => onnxTeacher({} as OnnxRuntime, bytesOf('mlp'), logits),
      'KD_OPTION_TYPE',
      'runtime.Tensor',
    );
  });
});
