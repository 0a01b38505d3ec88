import { expectNoLeak, useBackend } from '@kd/testing';
import {
  logSoftmax,
  mean,
  mul,
  neg,
  slice,
  sum,
  tensor1d,
  tensor2d,
  train as optimizers,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  Callback as TfjsCallback,
  callbacks as tfjsCallbacks,
  CustomCallback,
  History,
} from '@tensorflow/tfjs-layers';
import type { CustomCallbackArgs, LayersModel, Logs } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { examples, net, onLabels, options, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { Callback, CallbackLike } from './index.js';
import type { BatchStream } from '@kd/data';

await useBackend('cpu');

type Call = [name: string, index: number | undefined, logs: Logs];
const handlers = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
] as const;

/** Handlers that record the order and the logs of their calls. */
function recording(): { calls: Call[]; args: CustomCallbackArgs } {
  const calls: Call[] = [];
  const handler =
    (name: string) =>
    (...given: [number, Logs?] | [Logs?]): void => {
      const [index, logs] = given.length > 1 ? (given as [number, Logs]) : [undefined, given[0] as Logs];
      calls.push([name, index, { ...logs }]);
    };
  return { calls, args: Object.fromEntries(handlers.map((name) => [name, handler(name)])) };
}

describe('handlers', () => {
  it('are called in the order of model.fit, with the same logs', async () => {
    const { inputs, labels } = examples(8);
    const [x, ids] = [tensor2d(inputs.values, [8, 2]), tensor1d(labels, 'int32')];
    const y = tensor2d(Array.from(labels, (id) => [0, 1, 2].map((other) => Number(id === other))));
    const loss = (truth: Tensor, logits: Tensor): Tensor => neg(sum(mul(truth, logSoftmax(logits)), -1));
    const [ofFit, ours, twin] = [recording(), recording(), net()];
    twin.compile({ optimizer: optimizers.sgd(0.1), loss, metrics: ['accuracy'] });
    const fitting = { batchSize: 4, epochs: 2, shuffle: false, verbose: 0 } as const;
    await twin.fit(x, y, { ...fitting, validationData: [x, y], callbacks: ofFit.args });

    const halves: BatchStream = () =>
      [0, 4].map((start) => ({
        inputs: { x: slice(x, [start], [4]) },
        targets: { labels: slice(ids, [start], [4]) },
      }));
    const { optimizer } = options(halves);
    const validation = { data: { inputs, labels } };
    await train(onLabels(net()), { data: halves, epochs: 2, optimizer, validation, callbacks: [ours.args] });

    const order = (calls: Call[]): unknown[] => calls.map(([name, index]) => [name, index]);
    expect(order(ours.calls)).toEqual(order(ofFit.calls));
    ofFit.calls.forEach(([name, index, logs], at) => {
      const given = ours.calls[at]?.[2] ?? {};
      for (const [key, value] of Object.entries(logs)) {
        // model.fit also measures accuracy during training.
        if (key === 'acc') continue;
        expect(given[key], `${key} in ${name} ${String(index)}`).toBeCloseTo(value, 5);
      }
    });
    const keysOf = (wanted: string): string[] =>
      Object.keys(ours.calls.find(([name]) => name === wanted)?.[2] ?? {}).sort();
    expect(keysOf('onBatchBegin')).toEqual(['batch', 'size']);
    expect(keysOf('onBatchEnd')).toEqual(['batch', 'hard', 'loss', 'size']);
    expect(keysOf('onEpochEnd')).toEqual(['hard', 'loss', 'val_acc', 'val_loss']);
    for (const name of ['onTrainBegin', 'onTrainEnd', 'onEpochBegin']) expect(keysOf(name)).toEqual([]);
  });

  it('receive the numbers of the history and of the events', async () => {
    const epochs: unknown[] = [];
    const batches: unknown[] = [];
    const expected: unknown[] = [];
    const data = examples(10);
    const run = await train(
      onLabels(net()),
      options(data, {
        epochs: 2,
        validation: { data },
        callbacks: [
          {
            onEpochEnd: (_, logs) => void epochs.push(logs),
            onBatchEnd: (_, logs) => void batches.push(logs),
          },
        ],
        onEvent: (event) => {
          if (event.type !== 'step') return;
          const { stepInEpoch: batch, examples: size, total: loss, losses } = event;
          expected.push({ batch, size, loss, ...losses });
        },
      }),
    );
    expect(batches).toEqual(expected);
    expect(epochs).toEqual(
      run.history.map(({ total: loss, losses, validation = {} }) => ({
        loss,
        ...losses,
        val_loss: validation['loss'],
        val_acc: validation['accuracy'],
      })),
    );
  });

  it('keep their `this`, and cannot change what others see', async () => {
    class Counter {
      count = 0;
      onBatchEnd(_: number, logs?: Record<string, number>): void {
        this.count += 1;
        if (logs !== undefined) logs['loss'] = NaN;
      }
    }
    const counter = new Counter();
    const losses: (number | undefined)[] = [];
    const callbacks: Callback[] = [counter, { onBatchEnd: (_, logs) => void losses.push(logs?.['loss']) }];
    await train(onLabels(net()), options(examples(8), { callbacks }));
    expect(counter.count).toBe(2);
    expect(losses.every((loss) => Number.isFinite(loss))).toBe(true);
  });

  it('are awaited one after the other', async () => {
    const order: string[] = [];
    const slow = (name: string): Callback =>
      Object.fromEntries(
        handlers.map((handler) => [
          handler,
          async () => {
            order.push(`${name} ${handler} begins`);
            await new Promise((resolve) => setTimeout(resolve, 2));
            order.push(`${name} ${handler} ends`);
          },
        ]),
      );
    await train(onLabels(net()), options(examples(4), { callbacks: [slow('first'), slow('second')] }));
    const called = ['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'];
    expect(order).toEqual(
      called.flatMap((handler) =>
        ['first', 'second'].flatMap((name) => [`${name} ${handler} begins`, `${name} ${handler} ends`]),
      ),
    );
  });

  it('get onYield as from model.fit, no more often than its clock allows', async () => {
    let now = 0;
    let frames = 0;
    const yields: unknown[] = [];
    const callback: Callback = {
      nowFunc: () => now,
      nextFrameFunc: async () => {
        frames += 1;
        await Promise.resolve();
      },
      onBatchBegin: () => {
        now += 50;
      },
      onYield: (epoch, batch, logs) => {
        yields.push([epoch, batch, Object.keys(logs)]);
      },
    };
    await train(onLabels(net()), options(examples(16), { epochs: 2, callbacks: [callback] }));
    // Every 125 ms: after every third batch of 50 ms.
    const keys = ['batch', 'size', 'hard', 'loss'];
    expect(yields).toEqual([
      [0, 2, keys],
      [1, 1, keys],
    ]);
    expect(frames).toBe(2);
  });

  it.each(handlers)('that throw in %s end the training with their error, and leak nothing', async (name) => {
    const model = net();
    const failing = {
      [name]: () => {
        throw new Error(`no room in ${name}`);
      },
    } as Callback;
    const later = {
      [name]: async () => {
        await Promise.resolve();
        throw new Error(`no room in ${name}`);
      },
    } as Callback;
    for (const callback of [failing, later]) {
      const training = (): Promise<unknown> =>
        train(
          onLabels(model),
          options(examples(8), { callbacks: [callback], validation: { data: examples(5) } }),
        );
      await expectNoLeak(() => expect(training()).rejects.toThrow(`no room in ${name}`));
    }
  });
});

describe('callback objects', () => {
  it('receive parameters and model, and keep their methods', async () => {
    class Board implements CallbackLike {
      readonly seen: unknown[] = [];
      setParams(parameters: Record<string, number>): void {
        this.seen.push(parameters);
      }
      setModel(model: LayersModel): void {
        this.seen.push(model);
      }
      onTrainBegin(logs?: Record<string, number>): void {
        this.seen.push(logs);
      }
      async onEpochEnd(epoch: number, logs?: Record<string, number>): Promise<void> {
        await Promise.resolve();
        this.seen.push([epoch, Object.keys(logs ?? {})]);
      }
    }
    const [board, model] = [new Board(), net()];
    await train(onLabels(model), options(examples(8), { callbacks: [board] }));
    expect(board.seen[1]).toBe(model);
    expect(board.seen).toEqual([{ epochs: 1, steps: 2 }, model, {}, [0, ['hard', 'loss']]]);
  });

  it('without setModel still receive the parameters; a stream has no steps', async () => {
    const parameters: unknown[] = [];
    const callback = {
      setParams: (given: object) => void parameters.push(given),
      onTrainEnd: () => void parameters.push('end'),
    };
    const data = () => [{ inputs: { x: tensor2d([[1, 2]]) }, targets: { labels: tensor1d([0], 'int32') } }];
    const { epochs, optimizer } = options(data, { epochs: 2 });
    await train(onLabels(net()), { data, epochs, optimizer, callbacks: [callback] });
    expect(parameters).toEqual([{ epochs: 2 }, 'end']);
  });

  it('of tfjs work: CustomCallback (the base of TensorBoard), Callback, History', async () => {
    const metrics: string[] = [];
    // As in tfjs-node, which writes every key except batch, size and num.
    const tensorBoard = new CustomCallback({
      onBatchEnd: (_, logs = {}) =>
        void metrics.push(...Object.keys(logs).filter((key) => !['batch', 'size', 'num'].includes(key))),
      onEpochEnd: (_, logs = {}) => void metrics.push(...Object.keys(logs)),
    });
    class Model extends TfjsCallback {
      override async onTrainEnd(): Promise<void> {
        await Promise.resolve();
        metrics.push((this as unknown as { model: LayersModel }).model.name);
      }
    }
    const history = new History();
    const model = net();
    const data = examples(4);
    await train(
      onLabels(model),
      options(data, { epochs: 2, validation: { data }, callbacks: [tensorBoard, new Model(), history] }),
    );
    const ofEpoch = ['hard', 'loss', 'hard', 'loss', 'val_loss', 'val_acc'];
    expect(metrics).toEqual([...ofEpoch, ...ofEpoch, model.name]);
    expect(history.epoch).toEqual([0, 1]);
    expect(history.history['val_acc']).toHaveLength(2);
  });
});

describe('tf.callbacks.earlyStopping', () => {
  it('stops a Sequential that was never compiled, and the best epoch is restored', async () => {
    const model = net();
    const after: unknown[] = [];
    const callbacks = [
      { onEpochEnd: () => void after.push(weightsOf(model)) },
      tfjsCallbacks.earlyStopping({ monitor: 'val_rising', patience: 2 }),
    ];
    let epoch = 0;
    const metrics = ({ output }: { output: Tensor }) => ({ rising: mean(output, 1), loss: mean(output, 1) });
    const validation = { data: examples(5), metrics, score: () => epoch++ };
    const run = await train(
      onLabels(model),
      options(examples(8), { epochs: 50, callbacks, validation, optimizer: () => optimizers.sgd(0) }),
    );
    // Nothing is learnt: the first epoch is the best one, and two more follow.
    expect([run.reason, run.history.length, run.bestEpoch]).toEqual(['callback', 3, 0]);
    expect(weightsOf(model)).toEqual(after[0]);
  });

  it('stops by val_acc and by loss, the names of model.fit', async () => {
    for (const monitor of ['val_acc', 'val_loss', 'loss']) {
      const callbacks = [tfjsCallbacks.earlyStopping({ monitor, patience: 1 })];
      const data = examples(4);
      const run = await train(
        onLabels(net()),
        options(data, { epochs: 9, callbacks, validation: { data }, optimizer: () => optimizers.sgd(0) }),
      );
      expect([run.reason, run.history.length]).toEqual(['callback', 2]);
    }
  });
});

describe('model.stopTraining', () => {
  it('ends the training after the batch, with a record of the partial epoch', async () => {
    const model = net();
    const stopping: Callback = {
      onBatchEnd: (batch) => {
        if (batch === 1) model.stopTraining = true;
      },
    };
    const run = await train(
      onLabels(model),
      options(examples(16), { epochs: 5, callbacks: [stopping], validation: { data: examples(4) } }),
    );
    expect([run.reason, run.history.length, run.history[0]?.step, run.bestEpoch]).toEqual([
      'callback',
      1,
      2,
      0,
    ]);
    expect(run.history[0]?.validation).toBeDefined();
  });

  it('is forgotten by the next training', async () => {
    const model = net();
    const stopping: Callback = {
      onEpochEnd: () => {
        model.stopTraining = true;
      },
    };
    const stopped = await train(onLabels(model), options(examples(8), { epochs: 3, callbacks: [stopping] }));
    const again = await train(onLabels(model), options(examples(8), { epochs: 3 }));
    expect([stopped.reason, stopped.history.length]).toEqual(['callback', 1]);
    expect([again.reason, again.history.length]).toEqual(['finished', 3]);
  });
});
