/** Fields of an object, and other values for them. */
export interface Change {
  readonly target: object;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Runs `body` with some fields of some objects changed, and restores them even if it throws. */
export function withChanged<T>(changes: readonly Change[], body: () => T): T {
  if (changes.length === 0) return body();
  const before = changes.flatMap(({ target, values }) =>
    Object.keys(values).map((key) => ({
      target,
      key,
      value: Reflect.get(target, key) as unknown,
      isOwn: Object.hasOwn(target, key),
    })),
  );
  for (const { target, values } of changes) Object.assign(target, values);
  try {
    return body();
  } finally {
    for (const { target, key, value, isOwn } of before) {
      Reflect.set(target, key, value);
      // A method of the class is inherited again.
      if (!isOwn) Reflect.deleteProperty(target, key);
    }
  }
}
