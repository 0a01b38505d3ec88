import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import type { Batch, Named, Teacher } from '@kd/core';
import { add, ones, reshape, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it, vi } from 'vitest';
import { release } from '../test/release.js';
import { channelsFirstTeacher, layersTeacher, withInputs } from './index.js';
import type { WithInputsOptions } from './index.js';

await useBackend('cpu');

const x = tensor([[1, 2, 3, 4]]);
const batch: Batch = { inputs: { x, other: ones([1, 2]) }, ids: ['a'] };
const inner = (): Teacher =>
  layersTeacher(
    sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 1, inputShape: [4], kernelInitializer: 'ones' }),
        layers.dense({ units: 2, kernelInitializer: 'ones' }),
      ],
    }),
    { convention: 'logits' },
  );
const shifted: WithInputsOptions = {
  name: 'shifted v1',
  inputs: ({ inputs }) => ({ x: add(add(inputs['x'] as Tensor, 1), 1) }),
};

describe('withInputs', () => {
  it('gives the teacher transformed inputs, and frees them with all intermediate tensors', async () => {
    const teacher = withInputs(inner(), shifted);
    await expectNoLeak(async () => {
      const answer = await teacher.predict(batch, { outputs: ['output'], taps: ['hidden'] });
      expect(await (answer.members[0]?.outputs['output'] as Tensor).array()).toEqual([[18, 18]]);
      expect(await (answer.taps[0] as Tensor).array()).toEqual([[18]]);
      release(answer);
    });
  });

  it('leaves the tensors of the batch alone, and passes everything else on', async () => {
    const seen = vi.fn();
    const spy: Teacher = {
      ...inner(),
      predict: (given, request) => (seen(given, request), Promise.resolve({ members: [], taps: [] })),
    };
    const request = { outputs: [], taps: [], signal: new AbortController().signal };
    await withInputs(spy, {
      name: 'renamed',
      inputs: ({ inputs }) => ({ pixels: inputs['x'] as Tensor }),
    }).predict(batch, request);
    expect(seen).toHaveBeenCalledWith({ inputs: { pixels: x }, ids: ['a'] }, request);
    expect(x.isDisposed).toBe(false);
  });

  it('has a fingerprint of the name and the teacher, and changes nothing else in the description', async () => {
    const teacher = inner();
    const plain = await teacher.describe({ taps: ['hidden'] });
    const { fingerprint, ...rest } = await withInputs(teacher, shifted).describe({ taps: ['hidden'] });
    expect({ ...rest, fingerprint: plain.fingerprint }).toEqual(plain);
    const other = await withInputs(teacher, { ...shifted, name: 'shifted v2' }).describe({ taps: [] });
    expect(new Set([fingerprint, plain.fingerprint, other.fingerprint]).size).toBe(3);
    expect((await withInputs(teacher, shifted).describe({ taps: [] })).fingerprint).toBe(fingerprint);
  });

  it('frees its inputs even if the transform or the teacher fails', async () => {
    const teacher = inner();
    const failing = { ...teacher, predict: () => Promise.reject(new Error('no')) };
    await expectNoLeak(async () => {
      await expect(
        withInputs(failing, shifted).predict(batch, { outputs: ['output'], taps: [] }),
      ).rejects.toThrow('no');
      const broken: WithInputsOptions = {
        name: 'broken',
        inputs: () => {
          zeros([3]);
          throw new Error('broken');
        },
      };
      await expect(
        withInputs(teacher, broken).predict(batch, { outputs: ['output'], taps: [] }),
      ).rejects.toThrow('broken');
    });
  });

  it('rejects with the reason of an aborted signal before it transforms', async () => {
    const inputs = vi.fn(shifted.inputs);
    const reason = new Error('enough');
    const request = { outputs: ['output'], taps: [], signal: AbortSignal.abort(reason) };
    await expect(withInputs(inner(), { name: 'n', inputs }).predict(batch, request)).rejects.toBe(reason);
    expect(inputs).not.toHaveBeenCalled();
  });

  it.each<[string, unknown]>([
    ['a tensor', zeros([1])],
    ['nothing', undefined],
    ['a promise', Promise.resolve({ x })],
    ['no tensors', {}],
    ['what are no tensors', { x: [1] }],
  ])('refuses a transform that gives %s', async (_, given) => {
    const teacher = withInputs(inner(), { name: 'n', inputs: () => given as Named });
    await expectKdError(
      () => teacher.predict(batch, { outputs: ['output'], taps: [] }),
      'KD_OPTION_TYPE',
      'withInputs',
      'what options.inputs gives',
    );
  });

  it.each<[string, unknown, string]>([
    ['no name', { inputs: shifted.inputs }, 'options.name'],
    ['no transform', { name: 'n' }, 'options.inputs'],
    ['no options', undefined, 'options'],
  ])('refuses %s', async (_, options, part) => {
    await expectKdError(() => withInputs(inner(), options as WithInputsOptions), 'KD_OPTION_TYPE', part);
    await expectKdError(
      () => withInputs(inner(), { ...shifted, size: 1 } as WithInputsOptions),
      'KD_OPTION_UNKNOWN',
      'options.size',
    );
    await expectKdError(() => withInputs({} as Teacher, shifted), 'KD_OPTION_TYPE', 'teacher');
  });

  it('disposes its teacher, if that can be disposed', () => {
    const dispose = vi.fn();
    withInputs({ ...inner(), dispose }, shifted).dispose?.();
    expect(dispose).toHaveBeenCalledTimes(1);
    expect(withInputs(inner(), shifted)).not.toHaveProperty('dispose');
  });
});

describe('channelsFirstTeacher', () => {
  it('transposes images on their way in and maps on their way out, and nothing else', async () => {
    const seen: Tensor[] = [];
    const inner: Teacher = {
      describe: () =>
        Promise.resolve({ outputs: { output: { convention: 'logits', shape: [null, 2] } }, taps: [{ shape: [null, 3, 5, 7] }, { shape: [null, 4] }], fingerprint: 'f', frozen: true }), // prettier-ignore
      predict: ({ inputs }) => {
        seen.push(...Object.values(inputs).map((input) => input.clone()));
        const map = tidy(() => reshape(tensor([...Array(12).keys()]), [1, 3, 2, 2]));
        return Promise.resolve({
          members: [{ outputs: { output: ones([1, 2]) }, weight: 1 }],
          taps: [map, ones([1, 4])],
        });
      },
    };
    const teacher = channelsFirstTeacher(inner);
    const { taps, fingerprint } = await teacher.describe({ taps: ['map', 'vector'] });
    expect(taps).toEqual([{ shape: [null, 5, 7, 3] }, { shape: [null, 4] }]);
    expect(fingerprint).not.toBe('f');
    const image = reshape(tensor([1, 2, 3, 4, 5, 6]), [1, 1, 2, 3]);
    const inputs = { image, size: ones([1, 2]) };
    await expectNoLeak(async () => {
      const answer = await teacher.predict({ inputs }, { outputs: ['output'], taps: ['map', 'vector'] });
      // Channels [1, 4], [2, 5], [3, 6].
      expect(seen.map((each) => [each.shape, Array.from(each.dataSync())])).toEqual([
        [[1, 3, 1, 2], [1, 4, 2, 5, 3, 6]],
        [[1, 2], [1, 1]],
      ]); // prettier-ignore
      expect(answer.taps.map(({ shape }) => shape)).toEqual([[1, 2, 2, 3], [1, 4]]); // prettier-ignore
      expect(Array.from(await (answer.taps[0] as Tensor).data())).toEqual([
        0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11,
      ]);
      release(answer);
      seen.forEach((each) => {
        each.dispose();
      });
    });
  });

  it('refuses a value that is not a teacher', async () => {
    await expectKdError(
      () => channelsFirstTeacher({} as Teacher),
      'KD_OPTION_TYPE',
      'channelsFirstTeacher',
      'teacher',
    );
  });
});
