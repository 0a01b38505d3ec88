import { runInNewContext } from 'node:vm';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { expect, it } from 'vitest';
import { examples, net, onLabels, options } from '../../test/small.js';
import { train } from '../index.js';
import type { CheckpointStore, Run } from '../index.js';
import { loadFrom } from './from-store.js';

await useBackend('cpu');

const storing = (more: object): CheckpointStore => ({
  save: () => Promise.resolve(),
  load: () => Promise.resolve(undefined),
  ...more,
});
const model = net();
const training = (store: CheckpointStore, resume: boolean): Promise<Run> =>
  train(onLabels(model), options(examples(4), { checkpoint: { store, resume } }));

it.each<[string, unknown, string, string]>([
  ['null', null, 'an object with name and files', 'null'],
  ['a number', 5, 'an object with name and files', '5'],
  ['files alone', { files: {} }, 'an object with name and files', 'files'],
  ['a name alone', { name: 'a' }, 'an object with name and files', 'name'],
  ['files that are null', { name: 'a', files: null }, 'an object with name and files', 'name, files'],
  ['a text as a file', { name: 'a', files: { 'manifest.json': '{}' } }, 'including manifest.json', '"{}"'],
  ['other arrays', { name: 'a', files: { x: [1, 2] } }, 'including x', 'an array of length 2'],
])('a store that loads %s is named as the fault', async (_, loaded, expected, received) => {
  for (const resume of [true, false]) {
    await expectNoLeak(() =>
      expectKdError(
        () => training(storing({ load: () => loaded }), resume),
        'KD_OPTION_TYPE',
        'train',
        'what options.checkpoint.store.load resolves to',
        expected,
        received,
      ),
    );
  }
});

it('a store may load arrays of another realm', async () => {
  const file = runInNewContext('new Uint8Array(3)') as Uint8Array;
  expect(file instanceof Uint8Array).toBe(false);
  const stored = { name: 'a', files: { file } };
  expect(await loadFrom('test', storing({ load: () => Promise.resolve(stored) }))).toBe(stored);
});

it('a lock that gives no function is named as the fault, before the first step', async () => {
  await expectKdError(
    () => training(storing({ lock: () => Promise.resolve() }), false),
    'KD_OPTION_TYPE',
    'what options.checkpoint.store.lock resolves to',
    'undefined',
  );
});
