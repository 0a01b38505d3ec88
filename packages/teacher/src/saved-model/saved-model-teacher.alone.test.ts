// Runs only with tfjs-node installed, by `npm run install:native`.
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectClose, expectKdError, expectNoLeak } from '@kd/testing';
import { hasTensorflow, tfjsNode } from '@kd/testing/tensorflow';
import { cast, setBackend, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { goldenOf, goldenPath, tensorflowGolden, toTensor } from '../../test/golden.js';
import { release } from '../../test/release.js';
import { savedModelTeacher } from './node.js';
import type { SavedModelTeacherOptions, TfjsNode } from './node.js';

const isInstalled = await hasTensorflow();
const path = goldenPath('saved-model');
const logits: SavedModelTeacherOptions = { convention: { output: { convention: 'logits', from: 'logits' } } };
const close = { relative: 1e-5, absolute: 1e-5 };

describe.skipIf(!isInstalled)('savedModelTeacher', () => {
  let tf: TfjsNode & { node: { getNumOfSavedModels(): number } };
  let image: Tensor;
  let folder: string;
  beforeAll(async () => {
    tf = (await import(tfjsNode)) as typeof tf;
    await setBackend('tensorflow');
    image = toTensor(goldenOf(tensorflowGolden.inputs, 'image'));
    folder = await mkdtemp(join(tmpdir(), 'kd-saved-model-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives the same answers as TensorFlow, with further outputs as taps', async () => {
    const teacher = await savedModelTeacher(tf, path, logits);
    await expectNoLeak(async () => {
      const answer = await teacher.predict(
        { inputs: { x: image } },
        { outputs: ['output'], taps: ['pooled', 'logits', 'pooled'] },
      );
      const expected = (name: string): number[] => goldenOf(tensorflowGolden.outputs, name).values;
      expectClose(await (answer.members[0]?.outputs['output'] as Tensor).data(), expected('logits'), close);
      expectClose(await (answer.taps[0] as Tensor).data(), expected('pooled'), close);
      expect(new Set([answer.members[0]?.outputs['output'], ...answer.taps]).size).toBe(4);
      release(answer);
      const tapped = await teacher.predict({ inputs: { x: image } }, { taps: ['pooled'], outputs: [] });
      expect(tapped.members).toEqual([]);
      release(tapped);
    });
    teacher.dispose?.();
  });

  it('describes its signature, and frees what it loaded, once', async () => {
    const before = tf.node.getNumOfSavedModels();
    const teacher = await savedModelTeacher(tf, path, { ...logits, classes: ['a', 'b', 'c'] });
    const { fingerprint, ...rest } = await teacher.describe({ taps: ['pooled'] });
    expect(rest).toEqual({
      outputs: { output: { convention: 'logits', shape: [null, 3], classes: ['a', 'b', 'c'] } },
      taps: [{ shape: [null, 5] }],
      frozen: true,
    });
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(tf.node.getNumOfSavedModels()).toBe(before + 1);
    teacher.dispose?.();
    teacher.dispose?.();
    expect(tf.node.getNumOfSavedModels()).toBe(before);
  });

  it('has a fingerprint of all files, and of the output', async () => {
    const print = async (directory: string, options = logits): Promise<string> => {
      const teacher = await savedModelTeacher(tf, directory, options);
      const { fingerprint } = await teacher.describe({ taps: [] });
      teacher.dispose?.();
      return fingerprint;
    };
    const first = await print(path);
    const copy = join(folder, 'copy');
    await cp(path, copy, { recursive: true });
    expect(await print(copy)).toBe(first);
    await writeFile(join(copy, 'variables/more'), 'x');
    const more = await print(copy);
    await rename(join(copy, 'variables/more'), join(copy, 'variables/other'));
    const others = [
      more,
      await print(copy),
      await print(path, { convention: { output: { convention: 'logits', from: 'pooled' } } }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  it.each<[string, () => Record<string, Tensor>, string, ...string[]]>([
    ['no input', () => ({}), 'KD_INPUT_MISSING', 'batch.inputs', 'image'],
    ['another shape', () => ({ x: zeros([1, 6, 8, 1]) }), 'KD_TENSOR_SHAPE', '[?,6,8,2]', '[1,6,8,1]'],
    [
      'another dtype',
      () => ({ x: cast(zeros([1, 6, 8, 2]), 'int32') }),
      'KD_TENSOR_DTYPE',
      'float32',
      'int32',
    ],
  ])('refuses %s', async (_, inputs, code, ...parts) => {
    const teacher = await savedModelTeacher(tf, path, logits);
    await expectKdError(
      () => teacher.predict({ inputs: inputs() }, { outputs: ['output'], taps: [] }),
      code,
      'savedModelTeacher',
      ...parts,
    );
    teacher.dispose?.();
  });

  it('refuses unknown taps, other conventions, and an aborted signal', async () => {
    const teacher = await savedModelTeacher(tf, path, {
      convention: { output: { convention: 'probabilities', from: 'logits' } },
    });
    const batch = { inputs: { x: image } };
    await expectNoLeak(async () => {
      await expectKdError(
        () => teacher.describe({ taps: ['pool'] }),
        'KD_TAP_UNKNOWN',
        'first: pooled, logits.',
      );
      await expectKdError(
        () => teacher.predict(batch, { outputs: ['output'], taps: ['pooled'] }),
        'KD_PROBABILITY_RANGE',
        'state convention: "logits"',
      );
      const reason = new Error('enough');
      await expect(
        teacher.predict(batch, { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason);
    });
    teacher.dispose?.();
  });

  it('names the failing part, with the error of TensorFlow as cause', async () => {
    const cause = new Error('no memory');
    const model = { predict: () => { throw cause; }, dispose: () => undefined }; // prettier-ignore
    const load = vi.spyOn(tf.node, 'loadSavedModel').mockResolvedValue(model);
    const teacher = await savedModelTeacher(tf, path, logits);
    await expectKdError(
      () => teacher.predict({ inputs: { x: image } }, { outputs: ['output'], taps: [] }),
      'KD_TEACHER_FAILED',
      '"no memory"',
    );
    load.mockRestore();
  });

  it.each<[string, string, unknown, string, ...string[]]>([
    ['no directory', '/nothing', logits, 'KD_FILE_READ', '"/nothing"'],
    ['no path', '', logits, 'KD_OPTION_TYPE', 'path'],
    [
      'an unknown signature',
      path,
      { ...logits, signature: 'train' },
      'KD_OUTPUT_UNKNOWN',
      'options.signature',
      '"train"',
      'serving_default',
    ],
    [
      'unknown tags',
      path,
      { ...logits, tags: ['gpu'] },
      'KD_OUTPUT_UNKNOWN',
      'options.tags',
      'Choose one of serve.',
    ],
    [
      'several outputs without a name',
      path,
      { convention: 'logits' },
      'KD_OUTPUT_UNKNOWN',
      'the outputs logits, pooled',
    ],
    ['too few classes', path, { ...logits, classes: ['a'] }, 'KD_CLASSES_MISMATCH', 'options.classes', '3'],
    ['another shape', path, { ...logits, shape: [null, 4] }, 'KD_TENSOR_SHAPE', 'options.shape', '[?,3]'],
    ['a misspelt option', path, { ...logits, sig: 'x' }, 'KD_OPTION_UNKNOWN', 'options.sig'],
    ['no convention', path, {}, 'KD_OPTION_TYPE', 'options.convention'],
    ['tags that are not strings', path, { ...logits, tags: [1] }, 'KD_OPTION_TYPE', 'options.tags[0]'],
  ])('refuses %s', async (_, directory, options, code, ...parts) => {
    const before = tf.node.getNumOfSavedModels();
    await expectKdError(
      () => savedModelTeacher(tf, directory, options as SavedModelTeacherOptions),
      code,
      'savedModelTeacher',
      ...parts,
    );
    expect(tf.node.getNumOfSavedModels()).toBe(before);
  });

  it('runs only on TensorFlow', async () => {
    const teacher = await savedModelTeacher(tf, path, logits);
    await import('@tensorflow/tfjs-backend-cpu');
    await setBackend('cpu');
    await expectKdError(() => savedModelTeacher(tf, path, logits), 'KD_BACKEND_UNAVAILABLE', '"cpu"');
    await expectKdError(
      () => teacher.predict({ inputs: {} }, { outputs: ['output'], taps: [] }),
      'KD_BACKEND_UNAVAILABLE',
    );
    await setBackend('tensorflow');
    teacher.dispose?.();
    await expectKdError(
      () => savedModelTeacher({} as TfjsNode, path, logits),
      'KD_OPTION_TYPE',
      'tf.node.loadSavedModel',
    );
  });
});
