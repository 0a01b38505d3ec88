import { like } from './options/checks.js';
import type { Check } from './options/check.js';
import type { Teacher } from './teacher.js';

/** A teacher, as an option. */
export const teacher: Check<Teacher> = like(
  'a Teacher, with describe and predict',
  isTeacher,
  'Wrap a tfjs model: layersTeacher(model, { convention: "logits" }) of @kd/teacher.',
);

function isTeacher(value: unknown): value is Teacher {
  const { describe, predict } = Object(value) as { readonly describe?: unknown; readonly predict?: unknown };
  return typeof describe === 'function' && typeof predict === 'function';
}
