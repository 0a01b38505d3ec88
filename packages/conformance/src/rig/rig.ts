import type { Term, TermBatch, TermLoss } from '@kd/core';
import { buildObjective, defineRecipe } from '@kd/recipe';
import type { Objective } from '@kd/recipe';
import type { Shapes } from '../subject.js';
import { studentOf, teacherOf } from './models.js';
import { slotsOf } from './slots.js';
import type { Slot } from './slots.js';

/** A term in a recipe whose models pass on whatever they are given. */
export interface Rig {
  readonly term: Term;
  readonly slots: readonly Slot[];
  readonly shapes: Shapes;
  readonly objective: Objective;
  /** What the term was called with, and what it returned, the last time. */
  readonly last: { loss?: TermLoss };
  /** Calls the loss; a check may put something around it. */
  readonly watch: { loss: (batch: TermBatch) => TermLoss };
}

/** Uses a rig for a term, and frees it. */
export async function withRig<T>(
  term: Term,
  shapes: Shapes,
  use: (rig: Rig) => Promise<T>,
  seed = 1,
): Promise<T> {
  const slots = slotsOf(term, shapes);
  const student = studentOf(slots);
  const last: Rig['last'] = {};
  const watch: Rig['watch'] = { loss: (batch) => term.loss(batch) };
  const watched: Term = { ...term, loss: (batch) => (last.loss = watch.loss(batch)) };
  const teacher = slots.some(({ side }) => side === 'teacher') ? { teacher: teacherOf(slots) } : {};
  try {
    const recipe = defineRecipe({ student, ...teacher, terms: [watched] });
    const { datasetSize = 16 } = shapes;
    const objective = await buildObjective(recipe, { seed, datasetSize });
    try {
      return await use({ term, slots, shapes, objective, last, watch });
    } finally {
      objective.dispose();
    }
  } finally {
    student.model.dispose();
  }
}
