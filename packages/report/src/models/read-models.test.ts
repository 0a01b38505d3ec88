import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { twoModels } from '../../test/models.js';
import { testedModels } from './read-models.js';
import type { ModelAnswers, ShapedNumbers, TestPictures } from './tested-models.js';

const read = (value: unknown): unknown =>
  testedModels.read({ where: 'page', argument: 'options.models' }, value);
const answers = (one: ModelAnswers): unknown => twoModels({ answers: { one } });
const logits = (values: unknown[], shape: number[]): unknown =>
  answers({ logits: { values, shape } as ShapedNumbers });
const eight = [1, 2, 3, 4, 5, 6, 7, 8];
const pictures = (more: Partial<TestPictures>): unknown => {
  const { pictures: given } = twoModels();
  return twoModels({ pictures: { ...(given as TestPictures), ...more } });
};

describe('the answers of models', () => {
  it('have the numbers of the classes as names, unless these are given', () => {
    const { labels, answers: given } = twoModels();
    expect(read({ labels, answers: given })).toMatchObject({ classes: ['0', '1'] });
    expect(read(twoModels())).toMatchObject({ classes: ['cat', 'dog'] });
  });

  it.each<[string, unknown, string, ...string[]]>([
    ['no object', 3, 'KD_OPTION_TYPE', 'options.models'],
    ['no model', twoModels({ answers: {} }), 'KD_BATCH_EMPTY', 'options.models.answers'],
    ['both conventions', answers({ logits: { values: eight, shape: [4, 2] }, probabilities: { values: eight, shape: [4, 2] } }), 'KD_OPTION_TYPE', 'answers["one"]', 'both'], // prettier-ignore
    ['no convention', answers({ parameters: 3 }), 'KD_OPTION_TYPE', 'answers["one"]', 'neither'],
    ['a flat shape', logits(eight, [8]), 'KD_TENSOR_SHAPE', 'answers["one"].logits.shape', '[n, N]'],
    ['another shape', logits(eight, [4, 3]), 'KD_TENSOR_SHAPE', 'a shape for 8 values'],
    ['other rows', logits(eight, [2, 4]), 'KD_DATA_LENGTH', 'answers["one"].logits', '4 rows'],
    ['NaN', logits(eight.with(5, NaN), [4, 2]), 'KD_OPTION_RANGE', 'logits.values[5]', 'NaN'],
    ['infinity', logits(eight.with(0, Infinity), [4, 2]), 'KD_OPTION_RANGE', 'logits.values[0]'],
    ['a text', logits([...eight.slice(1), '1'], [4, 2]), 'KD_OPTION_TYPE', 'logits.values[7]'],
    ['a probability of 2', answers({ probabilities: { values: eight, shape: [4, 2] } }), 'KD_OPTION_RANGE', 'probabilities.values[1]', '[0, 1]'], // prettier-ignore
    ['a sum of 1.5', answers({ probabilities: { values: [0, 1, 1, 0, 1, 0.5, 0, 1], shape: [4, 2] } }), 'KD_PROBABILITY_RANGE', 'probabilities[2]', 'sum 1.5'], // prettier-ignore
    ['other classes', twoModels({ classes: ['cat'] }), 'KD_CLASSES_MISMATCH', 'models.classes', '2 classes'],
    [
      'two classes of one name',
      twoModels({ classes: ['a', 'a'] }),
      'KD_OPTION_RANGE',
      'models.classes[1]',
      '"a"',
    ],
    ['models of other classes', twoModels({ answers: { a: { logits: { values: eight, shape: [4, 2] } }, b: { logits: { values: [...eight, 1, 1, 1, 1], shape: [4, 3] } } } }), 'KD_CLASSES_MISMATCH', 'answers["b"]'], // prettier-ignore
    ['a label of 2', twoModels({ labels: [0, 0, 2, 1] }), 'KD_LABEL_RANGE', 'labels[2]'],
    ['a negative size', answers({ logits: { values: eight, shape: [4, 2] }, bytes: -1 }), 'KD_OPTION_RANGE', 'answers["one"].bytes'], // prettier-ignore
    ['a misspelt part', { ...twoModels(), picture: 1 }, 'KD_OPTION_UNKNOWN', 'pictures'],
    [
      'a row beyond the test set',
      pictures({ rows: [0, 4] }),
      'KD_OPTION_RANGE',
      'pictures.rows[1]',
      '0 to 3',
    ],
    ['fewer images than rows', pictures({ rows: [0, 1, 2] }), 'KD_DATA_LENGTH', 'pictures.images'],
    ['no rows', pictures({ rows: [], images: { values: [], shape: [0, 1, 1] } }), 'KD_BATCH_EMPTY', 'pictures.rows'], // prettier-ignore
    ['images of bytes', pictures({ images: { values: [0, 1, 255, 3, 4, 5], shape: [2, 1, 3] } }), 'KD_OPTION_RANGE', 'images.values[2]', '[0, 1]'], // prettier-ignore
    ['two channels', pictures({ images: { values: [0, 0, 0, 0], shape: [2, 1, 1, 2] } }), 'KD_TENSOR_SHAPE', 'images.shape'], // prettier-ignore
    ['a temperature of 0', pictures({ temperature: 0 }), 'KD_OPTION_RANGE', 'pictures.temperature'],
  ])('are refused with %s', async (_, value, code, ...facts) => {
    await expectKdError(() => read(value), code, ...facts);
  });
});
