import { defineRecipe } from '@kd/recipe';
import { softTarget } from '@kd/soft-target-loss';
import type { Teacher } from '@kd/core';
import type { Column } from '@kd/data';
import { useBackend } from '@kd/testing';
import { tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { dense, options } from '../../test/small.js';
import { train } from '../index.js';

await useBackend('cpu');

describe('whole numbers as inputs', () => {
  // Above 2^24, where float32 has no odd numbers.
  const tokens = [16777217, 16777219];
  const seenBy = async (inputs: Column): Promise<string> => {
    const seen: string[] = [];
    const teacher: Teacher = {
      describe: () =>
        Promise.resolve({
          outputs: { output: { convention: 'logits', shape: [null, 2] } },
          taps: [],
          fingerprint: 'v1',
          frozen: true,
        }),
      predict: async ({ inputs: given }) => {
        const [x] = Object.values(given) as [Tensor];
        seen.push(x.dtype, ...Array.from(await x.data(), String).sort());
        return { members: [{ outputs: { output: zeros([2, 2]) }, weight: 1 }], taps: [] };
      },
    };
    const layer = dense(1, { units: 2, inputShape: [1], kernelInitializer: 'zeros' });
    const recipe = defineRecipe({
      student: { model: sequential({ layers: [layer] }), convention: 'logits' },
      teacher,
      terms: [softTarget({ temperature: 2 })],
    });
    expect((await train(recipe, options({ inputs }))).reason).toBe('finished');
    return seen.join(' ');
  };
  const seen = { array: '', tensor: '' };
  beforeAll(async () => {
    seen.array = await seenBy({ values: Int32Array.from(tokens), shape: [2, 1] });
    seen.tensor = await seenBy(tensor2d(tokens, [2, 1], 'int32'));
  });

  it.each(['array', 'tensor'] as const)('reach a teacher unchanged from an int32 %s', (kind) => {
    expect(seen[kind]).toBe('int32 16777217 16777219');
  });
});
