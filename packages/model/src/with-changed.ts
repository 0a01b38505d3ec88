/** Fields of an object, and other values for them. */
export interface Change {
  readonly target: object;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Runs `body` with some fields of some objects changed, and restores them even if it throws. */
export function withChanged<T>(changes: readonly Change[], body: () => T): T {
  if (changes.length === 0) return body();
  const before = changes.map(({ target, values }) => ({
    target,
    values: Object.fromEntries(Object.keys(values).map((key) => [key, Reflect.get(target, key) as unknown])),
  }));
  for (const { target, values } of changes) Object.assign(target, values);
  try {
    return body();
  } finally {
    for (const { target, values } of before) Object.assign(target, values);
  }
}
