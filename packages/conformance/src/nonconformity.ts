/** What a check found: the term or teacher breaks the rule that the check is named after. */
export class Nonconformity extends Error {
  override readonly name = 'Nonconformity';
}

/** Throws a `Nonconformity` unless a condition holds. */
export function conforms(condition: boolean, found: () => string): asserts condition {
  if (!condition) throw new Nonconformity(found());
}
