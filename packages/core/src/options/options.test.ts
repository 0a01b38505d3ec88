import { expectKdError, useBackend } from '@kd/testing';
import { tensor1d, Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../schedule.js';
import { boolean, fraction, like, nonNegative, oneOf, positive, scheduled, text, whole } from './checks.js';
import { either, list, nested, record } from './compound.js';
import { fn } from './checks.js';
import { optionsOf } from './options-of.js';

await useBackend('cpu');

interface Stopping {
  readonly measure?: 'losses' | ((x: number) => number);
  readonly patience?: number;
}
interface Example {
  readonly epochs: number;
  readonly temperature?: number | Schedule;
  readonly kind?: 'conv' | 'dense';
  readonly trainable?: readonly string[];
  readonly multipliers?: Readonly<Record<string, number>>;
  readonly centers?: Tensor;
  readonly shuffle?: boolean;
  readonly name?: string;
  readonly stopping?: Stopping;
}

const stopping = optionsOf<Stopping>()({
  measure: either(oneOf('losses'), fn<(x: number) => number>()).default('losses'),
  patience: whole(1).optional(),
});
const example = optionsOf<Example>()({
  epochs: whole(1),
  temperature: scheduled(positive).default(4),
  kind: oneOf('conv', 'dense').optional(),
  trainable: list(text).optional(),
  multipliers: record(nonNegative).default({}),
  centers: like('a tensor', (x): x is Tensor => x instanceof Tensor).optional(),
  shuffle: boolean.default(true),
  name: text.optional(),
  stopping: nested(stopping).default({}),
});

describe('read', () => {
  it('fills in defaults at every depth, and leaves options without a default absent', () => {
    expect(example.read('train', { epochs: 3 })).toStrictEqual({
      epochs: 3,
      temperature: 4,
      multipliers: {},
      shuffle: true,
      stopping: { measure: 'losses' },
    });
    const given = {
      epochs: 1,
      temperature: undefined,
      stopping: { measure: undefined },
    } as unknown as Example;
    expect(example.read('train', given)).toStrictEqual(example.read('train', { epochs: 1 }));
  });

  it('passes functions and tensors unchanged, and reads each option once', () => {
    const [temperature, centers] = [(): number => 2, tensor1d([1])];
    let looks = 0;
    const read = example.read('train', {
      epochs: 1,
      temperature,
      centers,
      get name() {
        looks += 1;
        return 'n';
      },
    });
    expect(read.temperature).toBe(temperature);
    expect(read.centers).toBe(centers);
    expect(looks).toBe(1);
  });

  it.each<[unknown, string, ...string[]]>([
    [{ epochs: 0 }, 'KD_OPTION_RANGE', 'options.epochs', '0'],
    [{ epochs: '3' }, 'KD_OPTION_TYPE', 'options.epochs', '"3"'],
    [{}, 'KD_OPTION_TYPE', 'options.epochs', 'undefined'],
    [{ epochs: 1, temprature: 4 }, 'KD_OPTION_UNKNOWN', 'options.temprature', '"temperature"'],
    [{ epochs: 1, constructor: 4 }, 'KD_OPTION_UNKNOWN', 'options.constructor'],
    [{ epochs: 1, temperature: -1 }, 'KD_OPTION_RANGE', 'options.temperature', '-1'],
    [{ epochs: 1, temperature: NaN }, 'KD_OPTION_RANGE', 'options.temperature', 'NaN'],
    [{ epochs: 1, temperature: null }, 'KD_OPTION_TYPE', 'options.temperature', 'null'],
    [{ epochs: 1, kind: 'conf' }, 'KD_OPTION_RANGE', 'options.kind', '"conf"'],
    [{ epochs: 1, trainable: ['a', ''] }, 'KD_OPTION_TYPE', 'options.trainable[1]'],
    [{ epochs: 1, trainable: new Array(1) }, 'KD_OPTION_TYPE', 'options.trainable[0]', 'undefined'],
    [{ epochs: 1, trainable: 'a' }, 'KD_OPTION_TYPE', 'options.trainable'],
    [{ epochs: 1, multipliers: { 'a/b': -1 } }, 'KD_OPTION_RANGE', 'options.multipliers["a/b"]', '-1'],
    [{ epochs: 1, multipliers: [] }, 'KD_OPTION_TYPE', 'options.multipliers', '0'],
    [{ epochs: 1, centers: [1, 2] }, 'KD_OPTION_TYPE', 'options.centers', 'an array'],
    [{ epochs: 1, shuffle: 1 }, 'KD_OPTION_TYPE', 'options.shuffle', '1'],
    [{ epochs: 1, stopping: { patience: 1.5 } }, 'KD_OPTION_RANGE', 'options.stopping.patience', '1.5'],
    [{ epochs: 1, stopping: { patient: 1 } }, 'KD_OPTION_UNKNOWN', 'options.stopping.patient', '"patience"'],
    [{ epochs: 1, stopping: null }, 'KD_OPTION_TYPE', 'options.stopping'],
    [null, 'KD_OPTION_TYPE', 'options'],
    [undefined, 'KD_OPTION_TYPE', 'options'],
    [[], 'KD_OPTION_TYPE', 'options', 'an array of length 0'],
  ])('refuses %j', async (options, code, ...facts) => {
    await expectKdError(() => example.read('train', options as Example), code, ...facts);
  });

  it('names the options as the caller does', async () => {
    const read = (): unknown => stopping.read('train', { patience: 0 }, 'stages[1].stopping');
    await expectKdError(read, 'KD_OPTION_RANGE', 'train', 'stages[1].stopping.patience');
  });

  it('checks a default like any other value', async () => {
    const wrong = optionsOf<{ readonly t?: number }>()({ t: positive.default(-1) });
    await expectKdError(() => wrong.read('x'), 'KD_OPTION_RANGE', 'options.t');
  });
});

describe('derived descriptions', () => {
  it('have the options that were picked, kept or added', async () => {
    expect(stopping.read('x')).toStrictEqual({ measure: 'losses' });
    expect(example.pick('shuffle', 'name').read('x', { name: 'a' })).toStrictEqual({
      name: 'a',
      shuffle: true,
    });
    const unnamed = example.without('name');
    await expectKdError(
      () => unnamed.read('x', { epochs: 1, name: 'a' } as never),
      'KD_OPTION_UNKNOWN',
      'name',
    );
    const larger = optionsOf<Example & { readonly alpha?: number }>()({
      ...example.fields,
      alpha: fraction.default(0.5),
    });
    expect(larger.read('x', { epochs: 1 })).toMatchObject({ epochs: 1, temperature: 4, alpha: 0.5 });
  });
});
