import { Script } from 'node:vm';
import { describeValue, KdError } from '@kd/core';
import validate from 'validate-npm-package-name';

/** What a package, its files and its functions are called. */
export interface Names {
  /** For npm: `@me/wttm-loss`. */
  readonly package: string;
  /** The folder: `wttm-loss`. */
  readonly folder: string;
  /** The method in file names: `wttm`. Without the words that say that it is a loss, or for `@kd`. */
  readonly method: string;
  /** The term, a function: `wttm`. */
  readonly camel: string;
  /** In names of types: `Wttm`. */
  readonly pascal: string;
  /** In sentences and the term's default name. */
  readonly words: string;
}

/**
 * The names that follow from that of a package.
 *
 * @throws `KD_OPTION_TYPE` for anything but text, `KD_OPTION_RANGE` for a name that npm refuses, or one that
 *   no function can have
 */
export function namesOf(name: string): Names {
  if (typeof name !== 'string') throw nameFault('TYPE', 'text', name, 'Pass one, such as my-loss.');
  const { errors = [], warnings = [] } = validate(name) as { errors?: string[]; warnings?: string[] };
  const [reason] = [...errors, ...warnings];
  if (reason !== undefined)
    throw nameFault(
      'RANGE',
      'a name that npm accepts for a new package',
      name,
      `npm says: ${reason}. Pass one such as my-loss or @me/my-loss.`,
    );
  const folder = name.slice(name.indexOf('/') + 1);
  const method = folder.replaceAll(/^kd-|-loss$/g, '');
  const words = method.split(/[^a-z0-9]+/).filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  if (!isVariable(camel))
    throw nameFault(
      'RANGE',
      'a name that a function can have too',
      name,
      `The term would be called ${describeValue(camel)}. Begin with a letter, and avoid words of JavaScript.`,
    );
  return { package: name, folder, method, camel, pascal, words: words.join(' ') };
}

/** The error for a name. */
export function nameFault(
  fault: 'TYPE' | 'RANGE',
  expected: string,
  received: unknown,
  remedy: string,
): KdError {
  const code = `KD_OPTION_${fault}` as const;
  const where = '@kd/create-method';
  return new KdError({
    code,
    where,
    argument: 'the name',
    expected,
    received: describeValue(received),
    remedy,
  });
}

/** Whether strict JavaScript allows a variable of this name. */
function isVariable(name: string): boolean {
  if (!/^[a-z]/.test(name)) return false;
  try {
    // Only parsed. `await` is reserved in modules, and in async functions.
    new Script(`'use strict'; async () => { let ${name}; };`);
    return true;
  } catch {
    return false;
  }
}
