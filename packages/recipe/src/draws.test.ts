import { add, mean, ones, scalar, sum, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { defineModule, defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { backends, expectNoLeak, useBackend } from '@kd/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { read } from '../test/evaluate.js';
import { buildObjective } from './build-objective.js';
import type { Objective } from './objective.js';
import { defineRecipe } from './recipe.js';

const width = 60;
const drop = (): layers.Layer => layers.dropout({ rate: 0.5, inputShape: [width] });
const built = (): layers.Layer => {
  const layer = drop();
  layer.build([null, width]);
  return layer;
};
const noise = defineModule({
  name: 'noise',
  reads: {},
  build: () => ({ one: built(), model: sequential({ layers: [drop()] }), several: [built(), built()] }),
});

/** A term that draws in every way, and keeps what it has drawn. */
function drawing(name: string, seen: Tensor[]): Term {
  return defineTerm({
    name,
    reads: { student: { y: { as: 'values' } } },
    modules: { noise },
    loss: ({ student: { y }, modules, random }) => {
      const { one, model, several } = modules.noise;
      const [x, lists] = [ones([1, width]), several.map((layer) => layer(ones([1, width])))];
      // Twice each: calls of one layer, and of `random`, are draws too.
      seen.push(one(x), one(x), model(x), model(x), ...lists, random([1, width]), random([1, width]));
      return { values: mean(y, -1) };
    },
  });
}

async function objectiveOf(...terms: Term[]): Promise<Objective> {
  const model = sequential({ layers: [drop()] });
  return buildObjective(defineRecipe({ student: { model, convention: 'values' }, terms }));
}

describe.each(backends)('draws of a step on %s', (backend) => {
  beforeEach(() => useBackend(backend));

  it('differ at all places of a step, repeat with its seed, and take the seed as a tensor', async () => {
    const seen: Tensor[] = [];
    const student = defineTerm({
      name: 'student',
      reads: { student: { y: { as: 'values' } } },
      loss: ({ student: { y } }) => {
        seen.push(y);
        return { values: sum(y, -1) };
      },
    });
    const objective = await objectiveOf(student, drawing('a', seen), drawing('b', seen));
    const draws = (seed: number | Scalar): string[] =>
      tidy(() => {
        seen.length = 0;
        const batch = { inputs: { x: ones([1, width]) } };
        const time = { step: 0, epoch: 0 };
        objective.evaluate({ batch, answer: undefined, time, training: true, seed });
        // Where a number is dropped, or below a half: independent draws agree in half of the places.
        return seen.map((drawn) => Array.from(drawn.dataSync(), (value) => (value < 0.5 ? 0 : 1)).join(''));
      });
    const [first, next] = [draws(1), draws(2)];
    expect(first).toHaveLength(17);
    expect(new Set([...first, ...next]).size).toBe(34);
    const shareOf = (a: string, b: string): number =>
      Array.from(a).filter((digit, index) => digit === b[index]).length / width;
    const shares = first.flatMap((a, index) => first.slice(index + 1).map((b) => shareOf(a, b)));
    // Of 136 pairs of 60 numbers each: four and a half standard deviations are 0.29.
    expect(Math.max(...shares.map((share) => Math.abs(share - 0.5)))).toBeLessThan(0.29);
    expect(draws(1)).toEqual(first);
    expect(draws(onDevice(1))).toEqual(first);
    objective.dispose();
  });

  it('leave no tensor behind', async () => {
    const seen: Tensor[] = [];
    const objective = await objectiveOf(drawing('a', seen));
    const batch = { inputs: { x: zeros([1, width]) } };
    await expectNoLeak(() => {
      for (const training of [true, false]) read(objective, { batch, training, seed: 1 });
    });
    objective.dispose();
  });
});

/** A seed that is computed on the device. */
function onDevice(seed: number): Scalar {
  return add(scalar(seed - 1, 'int32'), scalar(1, 'int32'));
}
