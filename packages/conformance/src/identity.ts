import type { Term } from '@kd/core';

/** What tells a term from another one: a training resumes only with the same. */
export function identityOf({ name, settings, scalars, reads, modules, reduces }: Term): string {
  const owned = Object.values(modules).map((module) => ({ name: module.name, frozen: module.frozen }));
  return JSON.stringify({ name, settings, scalars, reads, owned, reduces }, (_, value: unknown) =>
    typeof value === 'function' ? `function ${value.name}` : value,
  );
}
