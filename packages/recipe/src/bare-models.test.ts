import { hardTarget } from '@kd/soft-target-loss';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { describe, expect, it } from 'vitest';
import { identity } from '../test/models.js';
import { defineRecipe } from './recipe.js';
import type { Recipe } from './recipe.js';

await useBackend('cpu');

describe('a model in place of', () => {
  it('the student is refused as a whole, saying what to wrap it in', async () => {
    const bare = { student: identity(2), terms: [hardTarget()] } as unknown as Recipe;
    expect(await outcome(() => defineRecipe(bare))).toMatch(
      /^KD_OPTION_TYPE: defineRecipe: recipe\.student must be .*\{ model, convention.*\}/,
    );
  });

  it('the teacher is refused as a whole, saying what to wrap it in', async () => {
    const student = { model: identity(2), convention: 'logits' };
    const bare = { student, teacher: identity(2), terms: [hardTarget()] } as unknown as Recipe;
    expect(await outcome(() => defineRecipe(bare))).toMatch(
      /^KD_OPTION_TYPE: defineRecipe: recipe\.teacher must be .*layersTeacher\(model, \{ convention/,
    );
  });
});
