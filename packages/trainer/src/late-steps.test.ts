import { defineModule, defineTerm } from '@kd/core';
import type { Teacher, Term } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import { functionTeacher } from '@kd/teacher/function';
import { expectNoLeak, useBackend } from '@kd/testing';
import {
  add,
  div,
  findBackend,
  getBackend,
  mean,
  mul,
  square,
  sum,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../test/memory-store.js';
import { examples, net, numbersOf, options, values } from '../test/small.js';
import { train } from './index.js';
import type { CheckpointFiles, TrainEvent, TrainOptions } from './index.js';

await useBackend('cpu');

/** Everything in the order in which it happened. */
let order: string[] = [];

/** Reads take a while, as from a device, or are over at once. */
function readsThatWait(wait: boolean): () => void {
  const backend = findBackend(getBackend());
  const read = backend.read.bind(backend);
  const spy = vi.spyOn(backend, 'read').mockImplementation(async (id) => {
    // The numbers of now: a device computes in the order in which it is asked.
    const numbers = await read(id);
    if (wait) await new Promise((done) => setTimeout(done, 3));
    return numbers;
  });
  return () => {
    spy.mockRestore();
  };
}

/** Writes down each forward pass, keeps a memory of what it saw, and is infinite at the step `broken`. */
function noted(broken: number, throwsAt: number, memories: number[][]): Term {
  let forwards = 0;
  const reads = { student: { output: { as: 'logits' } } } as const;
  const memory = defineModule({
    name: 'memory',
    reads,
    build: () => ({ seen: variable(zeros([3]), false) }),
  });
  return defineTerm({
    name: 'noted',
    reads,
    modules: { memory },
    scalars: { divisor: ({ step }) => Number(step !== broken) },
    loss: ({ student: { output }, modules, scalars: { divisor } }) => {
      order.push('forward');
      if (forwards++ === throwsAt) throw new Error('the term is wrong');
      const far = mean(square(add(output, sum(modules.memory.seen))), -1);
      return { values: div(far, divisor), carry: { seen: mean(output, 0) } };
    },
    afterStep: ({ modules: { memory: own }, carry }) => {
      own.seen.assign(mul(carry.seen, 0.5));
      memories.push(values(own.seen));
    },
  });
}

const teacher = (failsAt: number): Teacher => {
  let asked = 0;
  return functionTeacher(
    ({ inputs }) => {
      order.push('ask');
      if (asked++ === failsAt) throw new Error('the teacher is gone');
      const rows = inputs['input']?.shape[0] ?? 0;
      return Array.from({ length: rows }, (_, row) => [row, 1, asked]);
    },
    { convention: 'logits', classes: ['a', 'b', 'c'], fingerprint: 'a' },
  );
};

interface Trial extends Partial<TrainOptions> {
  readonly broken?: number;
  readonly failsAt?: number;
  readonly throwsAt?: number;
  readonly at?: (event: TrainEvent) => void;
}

/** Trains for three epochs of four steps. */
async function trial(wait: boolean, { broken = -1, failsAt = -1, throwsAt = -1, at, ...more }: Trial = {}) {
  order = [];
  const between = [layers.batchNormalization({ momentum: 0.5 }), layers.dropout({ rate: 0.2, seed: 3 })];
  const model = net(1, between);
  const events: unknown[] = [];
  const memories: number[][] = [];
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'compile') return;
    if (event.type === 'step') order.push('event');
    events.push({ ...event, milliseconds: 0, secondsLeft: 0, seconds: 0 });
    at?.(event);
  };
  const recipe = defineRecipe({
    student: { model, convention: 'logits' },
    teacher: teacher(failsAt),
    terms: [noted(broken, throwsAt, memories), softTarget({ temperature: 2 })],
  });
  const restore = readsThatWait(wait);
  const data = examples(16);
  let error: unknown;
  try {
    await expectNoLeak(async () => {
      const given = {
        epochs: 3,
        validation: { data: examples(8) },
        optimizer: () => adam(),
        onEvent,
        // Each forward pass is noted, also where steps can be calls.
        compile: 'never' as const,
        ...more,
      };
      await train(recipe, options(data, given)).catch((failure: unknown) => void (error = failure));
    });
  } finally {
    restore();
  }
  // afterStep has seen a step that is undone later.
  const kept = memories.slice(0, broken < 0 ? Infinity : broken);
  return { weights: numbersOf(model), memories: kept, events, error: String(error), order };
}

/** Both trainings, which must not differ in anything but the order. */
async function equalTrials(given: () => Trial) {
  const atOnce = await trial(false, given());
  const late = await trial(true, given());
  expect({ ...late, order: [] }).toEqual({ ...atOnce, order: [] });
  return { atOnce, late };
}

/** Whether a step has begun before the one before was reported. */
const isLate = (happened: readonly string[]): boolean =>
  happened.some((what, index) => what === 'event' && happened[index + 1] === 'event');

describe('steps whose numbers come late', () => {
  it('start before the numbers of the step before are here, from the second on', async () => {
    const { atOnce, late } = await equalTrials(() => ({ epochs: 1 }));
    expect(atOnce.error).toBe('undefined');
    const [ask, forward, event] = ['ask', 'forward', 'event'];
    expect(atOnce.order.slice(0, 6)).toEqual([ask, forward, event, ask, forward, event]);
    expect(late.order.slice(0, 12)).toEqual([
      ...[ask, forward, event],
      ...[ask, forward, ask, forward, event, ask, forward, event, event],
    ]);
  });

  it('are the same steps to the bit, with the same events, epochs and best epoch', async () => {
    const { late } = await equalTrials(() => ({}));
    expect([late.events.length, late.memories.length]).toEqual([1 + 12 + 3 + 1, 12]);
  });

  it('are undone if they are not finite', async () => {
    for (const broken of [1, 3, 4, 6]) {
      const { late } = await equalTrials(() => ({ broken }));
      const at = `epoch ${String(broken >> 2)}, step ${String(broken)}`;
      expect(late.error).toContain(`${at}: the loss of the term "noted" must be finite`);
    }
  });

  it('end where a signal, a handler that throws, or a teacher that fails ends them', async () => {
    for (const last of [1, 2, 3, 5]) {
      const at = (event: TrainEvent): boolean => event.type === 'step' && event.step === last;
      const abort = (): Trial => {
        const controller = new AbortController();
        const end = (event: TrainEvent): void => {
          if (at(event)) controller.abort();
        };
        return { signal: controller.signal, at: end };
      };
      const aborted = await equalTrials(abort);
      expect(aborted.late.events.length).toBeGreaterThan(last);
      const fail = (event: TrainEvent): void => {
        if (at(event)) throw new Error('no room for events');
      };
      const failed = await equalTrials(() => ({ at: fail }));
      expect(failed.late.error).toContain('no room for events');
      const unanswered = await equalTrials(() => ({ failsAt: last }));
      expect(unanswered.late.error).toContain('the teacher is gone');
      const wrong = await equalTrials(() => ({ throwsAt: last }));
      expect(wrong.late.error).toContain('the term is wrong');
    }
  });

  it('leave what is saved as it is', async () => {
    const stores = [memoryStore(), memoryStore()];
    let next = 0;
    const { late } = await equalTrials(() => ({
      checkpoint: { store: stores[next++] ?? memoryStore(), everySteps: 3 },
    }));
    expect(isLate(late.order)).toBe(true);
    // Without the header, which has the names of the layers.
    const weightsOf = (files: CheckpointFiles): unknown =>
      Object.entries(files)
        .filter(([name]) => name.endsWith('.safetensors'))
        .map(([, bytes]) => bytes.slice(8 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true)));
    const [saved = [], others] = stores.map((store) => store.saved.map(weightsOf));
    expect(saved.length).toBeGreaterThan(4);
    expect(others).toEqual(saved);
  });

  it('are not late where somebody needs the numbers or the weights in between', async () => {
    for (const given of [{ callbacks: [{ onBatchEnd: () => undefined }] }, { accumulationSteps: 2 }]) {
      const { late } = await equalTrials(() => given);
      expect(isLate(late.order)).toBe(false);
    }
  });
});
