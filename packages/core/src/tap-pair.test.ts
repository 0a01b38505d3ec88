import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { describeShape } from './describe-value.js';
import type { FeatureShape } from './check-features.js';
import type { Shape } from './shape.js';
import { checkTapPair, tapPairFields, tapPairOptions } from './tap-pair.js';

describe('tapPairFields', () => {
  it('names the pair, and reads the taps', () => {
    const teacher = { layer: 'b', at: 'preActivation' } as const;
    expect(tapPairFields('mine', { student: 'a', teacher, weight: 2 })).toEqual({
      name: 'mine a<-b@preActivation',
      weight: 2,
      reads: { student: { features: 'a' }, teacher: { features: teacher } },
    });
    expect(tapPairFields('mine', { student: 'a', teacher, weight: 2, name: 'own' }).name).toBe('own');
  });
});

describe('tapPairOptions', () => {
  const taps = { student: 'a', teacher: 'b' };

  it('have weight 1 by default, and accept a schedule', () => {
    const weight = (): number => 3;
    expect(tapPairOptions.read('f', taps)).toStrictEqual({ ...taps, weight: 1 });
    expect(tapPairOptions.read('f', { ...taps, weight, name: 'own' })).toStrictEqual({
      ...taps,
      weight,
      name: 'own',
    });
  });

  it.each<[options: object, code: string, ...facts: string[]]>([
    [{ teacher: 'b' }, 'KD_OPTION_TYPE', 'options.student', 'undefined'],
    [{ student: 'a' }, 'KD_OPTION_TYPE', 'options.teacher', 'undefined'],
    [{ ...taps, student: null }, 'KD_OPTION_TYPE', 'options.student', 'null'],
    [{ ...taps, teacher: { node: 1 } }, 'KD_OPTION_TYPE', 'options.teacher', 'an object with node'],
    [{ ...taps, teacher: ['a', 'b'] }, 'KD_OPTION_TYPE', 'options.teacher', 'an array of length 2'],
    [{ ...taps, weight: -1 }, 'KD_OPTION_RANGE', 'options.weight', '0', '-1'],
    [{ ...taps, weight: NaN }, 'KD_OPTION_RANGE', 'options.weight', 'NaN'],
    [{ ...taps, weight: Infinity }, 'KD_OPTION_RANGE', 'options.weight', 'Infinity'],
    [{ ...taps, weight: '1' }, 'KD_OPTION_TYPE', 'options.weight', '"1"'],
    [{ ...taps, name: '' }, 'KD_OPTION_TYPE', 'options.name', '""'],
    [{ ...taps, name: 1 }, 'KD_OPTION_TYPE', 'options.name', '1'],
  ])('refuses %j', async (options, code, ...facts) => {
    await expectKdError(() => tapPairOptions.read('f', options as never), code, ...facts);
  });
});

describe('checkTapPair', () => {
  const maps: FeatureShape = { expected: 'of rank 4', fits: ({ length }) => length === 4, remedy: '' };
  const [map, vector] = [[null, 8, 8, 16], [null, 10]]; // prettier-ignore
  const check = (student: Shape, teacher: Shape): void => {
    const infos = { student: { features: { shape: student } }, teacher: { features: { shape: teacher } } };
    checkTapPair('f', { student: 'a', teacher: 'b' }, { ...infos, datasetSize: undefined }, maps);
  };

  it.each([
    [map, vector],
    [vector, map],
  ])('refuses %j and %j, with both taps and shapes', async (student, teacher) => {
    check(map, map);
    await expectKdError(
      () => {
        check(student, teacher);
      },
      'KD_TENSOR_SHAPE',
      'f',
      'the taps',
      `"a" ${describeShape(student)} of the student and "b" ${describeShape(teacher)} of the teacher`,
    );
  });
});
