import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The mutants, or those with the given ids, each with its source and the line that it changes. Throws if one
 * cannot be applied.
 */
export function readMutants(root, only) {
  const all = JSON.parse(readFileSync(new URL('mutants.json', import.meta.url), 'utf8'));
  const ids = all.map(({ id }) => id);
  const faults = [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} occurs twice`),
    ...(only ?? []).filter((id) => !ids.includes(id)).map((id) => `there is no mutant ${id}`),
  ];
  const mutants = all.map((mutant) => {
    const source = readIfThere(join(root, mutant.file));
    faults.push(...faultsOf(root, mutant, source).map((fault) => `${mutant.id}: ${fault}`));
    return { ...mutant, source, line: source.split(mutant.find)[0].split('\n').length };
  });
  if (faults.length > 0) throw new Error(`mutants.json does not match the sources:\n${faults.join('\n')}`);
  return only === undefined ? mutants : mutants.filter(({ id }) => only.includes(id));
}

/** The source with the mutation applied. */
export function mutated({ source, find, replace }) {
  // A function, because `$&` has a meaning in a replacement string.
  return source.replace(find, () => replace);
}

function faultsOf(root, { file, find, replace, tests }, source) {
  if (source === '') return [`there is no file ${file}`];
  const count = source.split(find).length - 1;
  return [
    count === 1 ? [] : `its text to find occurs ${count} times in ${file}`,
    find === replace ? 'it changes nothing' : [],
    tests.length === 0 ? 'it names no tests' : [],
    tests.filter((test) => !existsSync(join(root, test))).map((test) => `there are no tests ${test}`),
  ].flat();
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
