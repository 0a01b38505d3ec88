import { KdError, optionFault } from '@kd/core';

/** The tokens of each class, by its name. */
export type TokensOfClasses = Readonly<Record<string, string | readonly string[]>>;

/** The class of each token. The token of a class that is not listed is its name. */
export function classesByToken(
  where: string,
  classes: readonly string[],
  tokens: TokensOfClasses,
): ReadonlyMap<string, number> {
  if (classes.length < 2 || new Set(classes).size < classes.length) {
    const at = { where, argument: 'options.classes' };
    throw optionFault('TYPE', at, 'a list of two or more different names', classes, 'Name each class once.');
  }
  const unknown = Object.keys(tokens).find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    const at = { where, argument: `options.tokens.${unknown}` };
    throw optionFault(
      'UNKNOWN',
      at,
      `one of ${classes.join(', ')}`,
      unknown,
      'Use the names of the classes.',
    );
  }
  const found = new Map<string, number>();
  for (const [index, name] of classes.entries()) {
    const own = Object.hasOwn(tokens, name) ? (tokens[name] ?? name) : name;
    const list = typeof own === 'string' ? [own] : own;
    if (list.length === 0) throw wrong(where, name, 'at least one token', 'none');
    for (const token of list) {
      const other = found.get(token) ?? index;
      if (other !== index) throw wrong(where, name, 'tokens of no other class', `${JSON.stringify(token)}, which ${JSON.stringify(classes[other])} has too`); // prettier-ignore
      found.set(token, index);
    }
  }
  return found;
}

function wrong(where: string, name: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `options.tokens[${JSON.stringify(name)}]`,
    expected,
    received,
    remedy: 'Let the prompt ask for answers whose first tokens differ, such as letters.',
  });
}
