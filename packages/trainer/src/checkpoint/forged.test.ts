// Checkpoints whose hashes are right, but not their content, as another program may write them.
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { defineModule, defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { adam } from '@kd/optimizers';
import { hardTarget } from '@kd/soft-target-loss';
import { scalar, square, sub, sum, train as optimizers, variable } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { altered, atPosition, forged, inState, inTensors, manifestOf, without } from '../../test/forge.js';
import type { Forgery } from '../../test/forge.js';
import { memoryStore } from '../../test/memory-store.js';
import { dense, examples, numbersOf } from '../../test/small.js';
import { trainStages } from '../index.js';
import type { CheckpointFiles, CheckpointStore, StagesRun } from '../index.js';

await useBackend('cpu');

const net = (seed: number): LayersModel =>
  sequential({
    layers: [
      dense(seed, { name: 'hidden', units: 4, activation: 'tanh', inputShape: [2] }),
      dense(seed + 1, { name: 'out', units: 3 }),
    ],
  });

/** Pulls the logits towards a number that is trained too. */
const target = defineModule({
  name: 'target',
  reads: {},
  build: () => ({ value: variable(scalar(1)) }),
});
const pulling = (): Term =>
  defineTerm({
    name: 'pulling',
    reads: { student: { output: { as: 'logits' } } },
    modules: { target },
    loss: ({ student, modules }) => ({
      values: sum(square(sub(student.output, modules.target.value)), 1),
    }),
  });

/** Two stages of two epochs of two steps. */
const training = (
  store: CheckpointStore,
  optimizer: () => Optimizer,
  model: LayersModel,
  epochs = 2,
): Promise<StagesRun> => {
  const stage = { terms: [hardTarget(), pulling()], epochs: 2, optimizer };
  const stages = [
    { ...stage, name: 'one' },
    { ...stage, name: 'two', epochs },
  ];
  const checkpoint = { store, resume: true, everySteps: 1 };
  return trainStages(
    { student: { model, convention: 'logits' }, stages },
    { data: examples(8), batchSize: 4, validation: { data: examples(4) }, checkpoint },
  );
};

describe.each<[string, () => Optimizer, string, string]>([
  ['tfjs', () => optimizers.adam(0.02), 'accumulatedSecondMoment', 'iterations_'],
  ['@kd/optimizers', () => adam({ learningRate: 0.02 }), 'secondMoment', 'steps'],
])('a checkpoint with an optimizer of %s', (_, optimizer, slot, counter) => {
  /** After the third step of the second stage, and between the stages. */
  let inside: CheckpointFiles;
  let between: CheckpointFiles;
  let atEnd: CheckpointFiles;
  const trained = net(1);
  const resuming = net(5);
  const untouched = numbersOf(resuming);
  beforeAll(async () => {
    const store = memoryStore();
    await training(store, optimizer, trained);
    const at = (stage: number, step: number | undefined): CheckpointFiles =>
      store.saved.find((files) => {
        const { state } = manifestOf(files);
        return state.stage === stage && state.position?.['step'] === step;
      }) as CheckpointFiles;
    inside = at(1, 3);
    between = at(1, undefined);
    atEnd = store.saved.at(-1) ?? {};
  });
  const refusedFor = async (epochs: number, files: CheckpointFiles, ...facts: string[]): Promise<void> => {
    await expectNoLeak(() =>
      expectKdError(
        () => training(memoryStore([files]), optimizer, resuming, epochs),
        'KD_CHECKPOINT_DAMAGED',
        'memory-1',
        ...facts,
      ),
    );
    expect(numbersOf(resuming)).toEqual(untouched);
  };
  const refused = (...given: [CheckpointFiles, ...string[]]): Promise<void> => refusedFor(2, ...given);

  it('resumes, also when another program writes it again', async () => {
    for (const checkpoint of [inside, between]) {
      const model = net(5);
      const files = forged(
        checkpoint,
        inTensors('student', () => undefined),
      );
      expect((await training(memoryStore([files]), optimizer, model)).reason).toBe('finished');
      expect(numbersOf(model)).toEqual(numbersOf(trained));
    }
  });

  const noSlots: Forgery = (manifest, files) => {
    without('optimizer', /\//)(manifest, files);
    const { optimizer: numbers } = manifest.state;
    for (const name of Object.keys(numbers)) if (name.includes('/')) Reflect.deleteProperty(numbers, name);
  };
  const noSteps: Forgery = (manifest, files) => {
    noSlots(manifest, files);
    manifest.state.optimizer[counter] = 0;
  };

  it.each<[string, Forgery, ...string[]]>([
    ['has no weights', without('student', /./), 'student.safetensors', 'complete with hidden/kernel'],
    ['lacks a weight', without('student', /out.kernel/), 'student.safetensors', 'complete with out/kernel'],
    [
      'has a weight too many',
      inTensors('student', (all) => {
        all['other'] = { dtype: 'F32', shape: [], data_offsets: [], bytes: Buffer.alloc(4) };
      }),
      'student.safetensors',
      'other',
    ],
    [
      'has a weight of another shape',
      altered('student', 'hidden/kernel', { shape: [4, 2] }),
      'hidden/kernel is a float32 tensor [2,4]',
      'a float32 tensor [4,2]',
    ],
    [
      'has a weight of another dtype',
      altered('student', 'out/bias', { dtype: 'I32' }),
      'out/bias is a float32 tensor [3]',
      'an int32 tensor [3]',
    ],
    ['lacks the weight of a module', without('modules', /./), 'modules.safetensors', 'target/value'],
    ['lacks a weight of the best epoch', without('best', /out.bias/), 'best.safetensors', 'out/bias'],
    [
      'has no best epoch',
      inState((state) => Reflect.deleteProperty(state, 'best')),
      'best.safetensors',
      'hidden/kernel',
    ],
    [
      'lacks a slot',
      without('optimizer', RegExp(`${slot}.target`)),
      'optimizer.safetensors',
      `${slot}/target/value`,
    ],
    [
      'has a slot of another shape',
      altered('optimizer', `${slot}/hidden/kernel`, { shape: [4, 2] }),
      'optimizer.safetensors',
      'a float32 tensor [4,2]',
    ],
    ['has no slots', noSlots, 'optimizer.safetensors', 'hidden/kernel'],
    [
      'has an optimizer before its first step',
      noSteps,
      'optimizer.safetensors',
      'one of 3 steps',
      'one of 0 steps',
    ],
    [
      'counts other steps',
      inState((state) => (state.optimizer[counter] = 2)),
      'one of 3 steps',
      'one of 2 steps',
    ],
    [
      'has an unknown number of the optimizer',
      inState((state) => (state.optimizer['applyGradients'] = 2)),
      'optimizer.safetensors',
      'applyGradients',
    ],
    [
      'has an empty file',
      (__, files) => (files['best.safetensors'] = new Uint8Array()),
      'best.safetensors',
      '0 bytes',
    ],
    ['lacks a hash', ({ files }) => (files['best.safetensors'] = null), 'best.safetensors', 'none'],
  ])('is refused if it %s, and nothing changes or leaks', async (__, forge, ...facts) => {
    await refused(forged(inside, forge), ...facts);
  });

  it.each<[string, Forgery, string]>([
    ['has no state', (manifest) => Object.assign(manifest, { state: {} }), 'state.finished'],
    ['has a state that is a list', (manifest) => Object.assign(manifest, { state: [] }), 'state'],
    ['has an empty position', inState((state) => (state.position = {})), 'state.position.epoch'],
    ['has a position that is a number', inState((state) => (state.position = 5 as never)), 'state.position'],
    ['is at half a step', atPosition({ step: 2.5 }), 'state.position.step'],
    ['is at another step', atPosition({ step: 4 }), 'step 4 at batch 1 of epoch 1'],
    ['is at a batch that does not exist', atPosition({ batch: 9, step: 11 }), 'batch 9 of 8 examples'],
    ['is at an epoch that does not exist', atPosition({ epoch: 2 }), 'records of 1 epochs before epoch 2'],
    ['has sums without numbers', atPosition({ sums: { pulling: {} } }), 'state.position.sums["pulling"]'],
    ['has taken negative time', atPosition({ seconds: -1 }), 'state.position.seconds'],
    [
      'has a loss that is a text',
      inState(({ history }) => Object.assign(history[0] ?? {}, { losses: { pulling: '1' } })),
      'state.history[0].losses["pulling"]',
    ],
    ['has no history', inState((state) => (state.history = [])), 'records of 0 epochs before epoch 1'],
    ['is in stage 99', inState((state) => (state.stage = 99)), 'stage 99'],
    ['is after the last stage', inState((state) => (state.stage = 2)), 'stage 2'],
    [
      'has not finished the stage before',
      inState((state) => (state.finished = [])),
      'the finished stages none',
    ],
    [
      'has finished another stage',
      inState(({ finished }) => Object.assign(finished[0] ?? {}, { name: 'zero' })),
      'the finished stages zero',
    ],
    [
      'has its best epoch in the future',
      inState((state) => (state.best = { epoch: 1, score: 0 })),
      'the best epoch 1',
    ],
  ])('is refused if its manifest %s, and nothing changes or leaks', async (__, forge, fact) => {
    await refused(forged(inside, forge), 'manifest.json', fact);
  });

  it.each<[string, Forgery, ...string[]]>([
    ['lacks a last weight', without('last', /out.bias/), 'last.safetensors', 'out/bias'],
    ['lacks a last weight of a module', without('last', /target/), 'last.safetensors', 'target/value'],
    [
      'has a last weight of another shape',
      altered('last', 'hidden/kernel', { shape: [4, 2] }),
      'last.safetensors',
      'a float32 tensor [4,2]',
    ],
    ['lacks a weight', without('student', /out.kernel/), 'student.safetensors', 'out/kernel'],
    ['ended in its first stage', inState((state) => (state.stage = 0)), 'manifest.json', 'stage 0'],
    ['ended within an epoch', atPosition({ batch: 1 }), 'manifest.json', 'an end in the middle of stage 1'],
  ])('of the end is refused for more epochs if it %s', async (__, forge, ...facts) => {
    await refusedFor(3, forged(atEnd, forge), ...facts);
  });

  it('between two stages is refused without a weight', async () => {
    await refused(forged(between, without('student', /out.bias/)), 'student.safetensors', 'out/bias');
  });
});
