import type { Batch, Teacher } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { ones, sum, tensor1d } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { dense, examples, net, onLabels, options, recorder, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { Metric, TrainEvent } from './index.js';
import type { BatchStream } from '@kd/data';

await useBackend('cpu');

let controller = new AbortController();
afterEach(() => {
  controller = new AbortController();
});

/** Aborts at an event, and collects all events. */
function abortAt(when: (event: TrainEvent) => boolean): ReturnType<typeof recorder> {
  const all = recorder();
  return {
    ...all,
    onEvent: (event) => {
      all.onEvent(event);
      if (when(event)) controller.abort();
    },
  };
}

describe('an aborted training', () => {
  it('takes no step if aborted before it begins', async () => {
    controller.abort();
    const model = net();
    const before = weightsOf(model);
    const { events, onEvent } = recorder();
    const calls: string[] = [];
    const callbacks = [
      {
        onTrainBegin: () => void calls.push('begin'),
        onEpochBegin: () => void calls.push('epoch'),
        onTrainEnd: () => void calls.push('end'),
      },
    ];
    await expectNoLeak(async () => {
      const run = await train(
        onLabels(model),
        options(examples(8), { signal: controller.signal, onEvent, callbacks }),
      );
      expect(run).toEqual({
        student: { model, convention: 'logits' },
        history: [],
        modules: {},
        reason: 'aborted',
        bestEpoch: undefined,
      });
    });
    expect(weightsOf(model)).toEqual(before);
    expect(events.map(({ type }) => type)).toEqual(['start', 'end']);
    expect(calls).toEqual(['begin', 'end']);
  });

  it('ends after the current step, with the weights of the last step', async () => {
    const model = net();
    const { events, of, onEvent } = abortAt((event) => event.type === 'step' && event.step === 2);
    const after: unknown[] = [];
    const callbacks = [{ onBatchEnd: () => void after.push(weightsOf(model)) }];
    await expectNoLeak(async () => {
      const run = await train(
        onLabels(model),
        options(examples(8), { epochs: 9, signal: controller.signal, onEvent, callbacks }),
      );
      expect([run.reason, run.history.length, run.bestEpoch]).toEqual(['aborted', 1, undefined]);
    });
    expect(of('step').map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(events.at(-1)).toEqual({ type: 'end', stage: 0, reason: 'aborted', bestEpoch: undefined });
    expect(weightsOf(model)).toEqual(after[2]);
  });

  it('restores the best epoch, if there is one', async () => {
    const model = net();
    const { onEvent } = abortAt((event) => event.type === 'step' && event.epoch === 2);
    const after: unknown[] = [];
    const callbacks = [{ onEpochEnd: () => void after.push(weightsOf(model)) }];
    const validation = { data: examples(5), score: () => after.length };
    const run = await train(
      onLabels(model),
      options(examples(8), { epochs: 9, signal: controller.signal, onEvent, callbacks, validation }),
    );
    expect([run.reason, run.history.length, run.bestEpoch]).toEqual(['aborted', 2, 0]);
    expect(weightsOf(model)).toEqual(after[0]);
  });

  it('ends in the middle of a validation', async () => {
    const model = net();
    let batches = 0;
    const metrics: Metric = ({ output }) => {
      // One batch before the first step, five in the first validation.
      if (++batches === 8) controller.abort();
      return { loss: sum(output, 1) };
    };
    await expectNoLeak(async () => {
      const validation = { data: examples(10), batchSize: 2, metrics };
      const run = await train(
        onLabels(model),
        options(examples(8), { epochs: 9, signal: controller.signal, validation }),
      );
      expect([run.reason, run.history.length, run.bestEpoch]).toEqual(['aborted', 1, 0]);
    });
    expect(batches).toBe(8);
  });

  it('responds to a timer although its epochs are short, as Ctrl-C arrives the same way', async () => {
    setTimeout(() => {
      controller.abort();
    }, 80);
    const run = await train(
      onLabels(net()),
      options(examples(4), { epochs: 1e6, signal: controller.signal }),
    );
    expect(run.reason).toBe('aborted');
    expect(run.history.length).toBeGreaterThan(1);
  });

  it('responds to a timer during a long validation', async () => {
    let batches = 0;
    const slow: Metric = ({ output }) => {
      batches += 1;
      const until = performance.now() + 15;
      while (performance.now() < until);
      return { loss: sum(output, 1) };
    };
    const validation = { data: examples(400), batchSize: 1, metrics: slow };
    const onEpochBegin = (): void => {
      setTimeout(() => {
        controller.abort();
      }, 80);
    };
    const run = await train(
      onLabels(net()),
      options(examples(4), { signal: controller.signal, validation, callbacks: [{ onEpochBegin }] }),
    );
    expect([run.reason, run.history.length]).toEqual(['aborted', 0]);
    expect(batches).toBeLessThan(100);
  });

  it('takes no further step if aborted between epochs, and is finished if nothing is left to do', async () => {
    const { of, onEvent } = abortAt((event) => event.type === 'epoch' && event.epoch === 1);
    const run = await train(
      onLabels(net()),
      options(examples(8), { epochs: 5, signal: controller.signal, onEvent }),
    );
    expect([run.reason, run.history.length, of('step').length]).toEqual(['aborted', 2, 4]);
    controller = new AbortController();
    const last = abortAt((event) => event.type === 'epoch' && event.epoch === 1);
    const whole = await train(
      onLabels(net()),
      options(examples(8), { epochs: 2, signal: controller.signal, onEvent: last.onEvent }),
    );
    expect([whole.reason, whole.history.length]).toEqual(['finished', 2]);
  });

  it('cancels a teacher that listens to the signal', async () => {
    const [model, inner] = [net(1), layersTeacher(net(7), { convention: 'logits' })];
    let asked = 0;
    const listening: Teacher = {
      describe: (request) => inner.describe(request),
      predict: async (batch, request) => {
        if (++asked <= 3) return inner.predict(batch, request);
        setTimeout(() => {
          controller.abort(new Error('enough'));
        }, 5);
        return new Promise((_, reject) => {
          request.signal?.addEventListener('abort', () => {
            reject(request.signal?.reason as Error);
          });
        });
      },
    };
    const { of, onEvent } = recorder();
    const after: unknown[] = [];
    const callbacks = [{ onBatchEnd: () => void after.push(weightsOf(model)) }];
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: listening,
      terms: [softTarget({ temperature: 2 })],
    });
    await expectNoLeak(async () => {
      const run = await train(
        recipe,
        options(examples(8), { epochs: 9, signal: controller.signal, onEvent, callbacks }),
      );
      expect([run.reason, run.history.length, run.history[0]?.step]).toEqual(['aborted', 1, 2]);
    });
    expect(of('step')).toHaveLength(3);
    expect(weightsOf(model)).toEqual(after[2]);
  });

  it('closes the stream of its data', async () => {
    let closed = 0;
    const stream: BatchStream = async function* () {
      try {
        for (;;) {
          await Promise.resolve();
          yield { inputs: { x: ones([2, 2]) }, targets: { labels: tensor1d([0, 1], 'int32') } };
        }
      } finally {
        closed += 1;
      }
    };
    const { onEvent } = abortAt((event) => event.type === 'step' && event.step === 4);
    await expectNoLeak(async () => {
      const model = net();
      const { epochs, optimizer } = options(stream);
      const run = await train(onLabels(model), {
        data: stream,
        epochs,
        optimizer,
        signal: controller.signal,
        onEvent,
      });
      expect([run.reason, closed]).toEqual(['aborted', 1]);
      model.dispose();
    });
  });

  it('does not hide an error', async () => {
    const onEvent = (event: TrainEvent): void => {
      if (event.type !== 'step') return;
      controller.abort();
      throw new Error('disk is full');
    };
    const model = net();
    await expectNoLeak(() =>
      expect(
        train(onLabels(model), options(examples(8), { signal: controller.signal, onEvent })),
      ).rejects.toThrow('disk is full'),
    );
  });
});

describe('a teacher that fails', () => {
  it('ends the training with its error, and leaks nothing', async () => {
    const inner = layersTeacher(net(7), { convention: 'logits' });
    let asked = 0;
    const failing: Teacher = {
      describe: (request) => inner.describe(request),
      predict: (batch: Batch, request) => {
        expect(request.signal).toBeInstanceOf(AbortSignal);
        return ++asked === 2 ? Promise.reject(new Error('503')) : inner.predict(batch, request);
      },
    };
    const model = net();
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: failing,
      terms: [softTarget({ temperature: 2 })],
    });
    await expectNoLeak(() =>
      expect(train(recipe, options(examples(8), { signal: controller.signal }))).rejects.toThrow('503'),
    );
  });

  it('ends the training if its answer does not match its description', async () => {
    const [inner, other] = [
      layersTeacher(net(7), { convention: 'logits' }),
      layersTeacher(sequential({ layers: [dense(1, { units: 5, inputShape: [2] })] }), {
        convention: 'logits',
      }),
    ];
    let asked = 0;
    const changing: Teacher = {
      describe: (request) => inner.describe(request),
      predict: (batch, request) => (++asked === 2 ? other : inner).predict(batch, request),
    };
    const model = net();
    let before: unknown;
    const callbacks = [{ onBatchEnd: () => void (before = weightsOf(model)) }];
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: changing,
      terms: [softTarget({ temperature: 2 })],
    });
    await expectNoLeak(() =>
      expectKdError(
        () => train(recipe, options(examples(8), { callbacks })),
        'KD_TEACHER_OUTPUT',
        'float32',
        '[4,3]',
        '[4,5]',
      ),
    );
    expect(weightsOf(model)).toEqual(before);
  });
});
