import { useBackend } from '@kd/testing';
import { dispose, scalar, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { stepRunner } from './index.js';
import type { Computed, StepFunctions } from './index.js';

await useBackend('cpu');

/** A backend that writes a computation down as what `written` says of each run. */
function functionsOf(
  written: () => { readonly graph: string; readonly refusal?: string },
  fails?: Error,
  changesState = false,
) {
  const log: string[] = [];
  const functions: StepFunctions = {
    trace: ({ body }) => {
      const { graph, refusal } = written();
      log.push('trace');
      return {
        computed: body(),
        refusal,
        differenceFrom: (other) => ((other as { graph?: string }).graph === graph ? undefined : 'it differs'),
        compile: () => {
          log.push('compile');
          return {
            changesState,
            run: (inputs) => {
              log.push('call');
              if (fails !== undefined) throw fails;
              return { y: (inputs['x'] as Tensor).clone() };
            },
            dispose: () => log.push('dispose call'),
          };
        },
        dispose: () => log.push('dispose trace'),
        graph,
      } as ReturnType<StepFunctions['trace']> as never;
    },
  };
  return { log, functions };
}

describe('a step runner', () => {
  let bodies: number;
  beforeEach(() => {
    bodies = 0;
  });
  const run = (runner: ReturnType<typeof stepRunner>, x: Tensor, key = ''): void => {
    const body = (): Computed<string> => {
      bodies += 1;
      return { tensors: { y: x.clone() }, layout: 'y' };
    };
    const { tensors, layout } = runner.run(body, () => ({ key, inputs: { x }, state: [] }));
    expect([tensors['y']?.dataSync()[0], layout]).toEqual([x.dataSync()[0], 'y']);
    dispose(tensors);
  };

  it('calls from the third run on, for each signature', () => {
    const { log, functions } = functionsOf(() => ({ graph: 'same' }));
    const runner = stepRunner(() => functions);
    expect(runner.outcome()).toBeUndefined();
    for (let time = 0; time < 4; time++) run(runner, scalar(time));
    expect(log).toEqual(['trace', 'trace', 'compile', 'dispose trace', 'call', 'call']);
    expect([bodies, runner.outcome()]).toEqual([2, true]);
    run(runner, tensor1d([1]));
    run(runner, scalar(1), 'frozen');
    expect([bodies, log.filter((one) => one === 'trace').length]).toEqual([4, 4]);
    runner.dispose();
    expect(log.slice(-3)).toEqual(['dispose call', 'dispose trace', 'dispose trace']);
  });

  it('gives up if runs differ, or if one cannot be written down, and says why', () => {
    let count = 0;
    for (const [written, reason] of [
      [() => ({ graph: String(count++) }), 'it differs'],
      [() => ({ graph: '', refusal: 'it reads' }), 'it reads'],
    ] as const) {
      const { log, functions } = functionsOf(written);
      const runner = stepRunner(() => functions);
      for (let time = 0; time < 8; time++) run(runner, scalar(time));
      expect([runner.outcome(), log.includes('compile')]).toEqual([reason, false]);
      expect(log.filter((one) => one === 'trace').length).toBe(
        log.filter((one) => one === 'dispose trace').length,
      );
    }
    expect(bodies).toBe(16);
  });

  it('runs eagerly where a call fails, and from then on', () => {
    const { log, functions } = functionsOf(() => ({ graph: 'same' }), new Error('out of range'));
    const runner = stepRunner(() => functions);
    for (let time = 0; time < 5; time++) run(runner, scalar(time));
    expect(bodies).toBe(5);
    expect(log.filter((one) => one === 'call')).toHaveLength(1);
    expect(runner.outcome()).toBe('its call fails: out of range');
  });

  it('passes on the error of a call that may have changed its state, and computes nothing again', () => {
    const failure = new Error('out of memory');
    const { functions } = functionsOf(() => ({ graph: 'same' }), failure, true);
    const runner = stepRunner(() => functions);
    for (let time = 0; time < 2; time++) run(runner, scalar(time));
    expect(() => {
      run(runner, scalar(2));
    }).toThrow(failure);
    expect(bodies).toBe(2);
  });

  it('asks for more equal runs than there were differences, as what takes turns may do the same twice', () => {
    const graphs = ['a', 'b', 'b', 'a', 'a', 'a', 'a'];
    const { log, functions } = functionsOf(() => ({ graph: graphs.shift() ?? '' }));
    const runner = stepRunner(() => functions);
    const compiledAfter: boolean[] = [];
    for (let time = 0; time < 7; time++) {
      run(runner, scalar(time));
      compiledAfter.push(log.includes('compile'));
    }
    expect(compiledAfter).toEqual([false, false, false, false, false, false, true]);
  });

  it('calls nothing of another backend, and describes nothing without functions', () => {
    const one = functionsOf(() => ({ graph: 'same' }));
    let offered: StepFunctions | undefined = one.functions;
    const runner = stepRunner(() => offered);
    for (let time = 0; time < 3; time++) run(runner, scalar(time));
    offered = undefined;
    run(runner, scalar(1));
    expect([bodies, one.log.at(-1)]).toEqual([3, 'dispose call']);
    const computed = runner.run(
      () => ({ tensors: {}, layout: 1 }),
      () => expect.fail('described'),
    );
    expect(computed.layout).toBe(1);
  });

  it('leaves what is wrong with an input to the computation', () => {
    const { log, functions } = functionsOf(() => ({ graph: 'same' }));
    const gone = scalar(1);
    gone.dispose();
    const body = (): Computed<number> => ({ tensors: {}, layout: 2 });
    stepRunner(() => functions).run(body, () => ({ key: '', inputs: { gone }, state: [] }));
    expect(log).toEqual([]);
  });
});
