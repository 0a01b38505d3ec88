import { conventions, describeValue, isOutput, KdError, nearestNames } from '@kd/core';
import type { Module, Place, Term } from '@kd/core';

/** Names under which a step reports numbers other than the losses of terms. */
const reserved: readonly string[] = ['regularizers', 'total'];
const fields: readonly string[] = [
  'apiVersion',
  'name',
  'weight',
  'reads',
  'reduces',
  'modules',
  'scalars',
  'settings',
  'check',
  'loss',
  'afterStep',
] satisfies (keyof Term)[];
const readable: readonly string[] = ['student', 'teacher', 'targets', 'inputs', 'rows', 'mask'];
const targets: readonly unknown[] = ['class-ids', 'probabilities', 'sigmoid-probabilities', 'values'];

/**
 * Throws `KD_TERM_INVALID` unless `term` implements the contract of a term, as far as can be seen without
 * running it.
 */
export function checkTerm(where: string, argument: string, term: unknown): asserts term is Term {
  const invalid = (expected: string, received: unknown, remedy?: string): KdError =>
    new KdError({
      code: 'KD_TERM_INVALID',
      where,
      argument,
      expected,
      received: describeValue(received),
      remedy: remedy ?? 'Define it with defineTerm of @kd/core, or call the function that makes the term.',
    });
  const candidate = term as Partial<Term> | null;
  if (typeof candidate !== 'object' || candidate === null) throw invalid('a term', term);
  const { apiVersion, name, loss, reduces, weight, reads, modules, scalars, settings } = candidate;
  if (apiVersion !== 1) throw invalid('a term with apiVersion 1', apiVersion);
  const unknown = Object.keys(candidate).find((key) => !fields.includes(key));
  if (unknown !== undefined) {
    const near = nearestNames(unknown, fields);
    const remedy = near === '' ? undefined : `Did you mean ${near}?`;
    throw invalid(`a term with fields among ${fields.join(', ')}`, unknown, remedy);
  }
  if (typeof name !== 'string' || name === '') throw invalid('a term with a name', name);
  if (reserved.includes(name)) throw invalid(`a term with a name other than ${reserved.join(', ')}`, name);
  if (typeof loss !== 'function') throw invalid('a term with a loss function', loss);
  for (const [method, value] of Object.entries({ check: candidate.check, afterStep: candidate.afterStep })) {
    if (value !== undefined && typeof (value as unknown) !== 'function')
      throw invalid(`a term whose ${method} is a function`, value);
  }
  if (reduces !== 'example' && reduces !== 'batch')
    throw invalid('a term that reduces "example" or "batch"', reduces);
  if (!isNumber(weight, true))
    throw invalid('a term with a weight that is a finite number >= 0 or a schedule', weight);
  for (const [field, value] of Object.entries({ reads, modules, scalars, settings })) {
    if (!isObject(value)) throw invalid(`a term whose ${field} are an object`, value);
  }
  checkReads(reads as Term['reads'], invalid);
  const number = Object.values(scalars as Term['scalars']).find((value) => !isNumber(value, false));
  if (number !== undefined) throw invalid('a term with scalars that are finite numbers or schedules', number);
  const odd = Object.values(modules as Term['modules']).find((module) => !isModule(module));
  if (odd !== undefined) throw invalid('a term with modules made by defineModule', odd);
}

function checkReads(reads: Term['reads'], invalid: (expected: string, received: unknown) => KdError): void {
  const side = Object.keys(reads).find((key) => !readable.includes(key));
  if (side !== undefined) throw invalid(`a term that reads among ${readable.join(', ')}`, side);
  for (const places of [reads.student ?? {}, reads.teacher ?? {}]) {
    if (!isObject(places)) throw invalid('a term that reads places by name', places);
    const wrong = Object.values(places).flat().find((place: Place) => !isPlace(place)); // prettier-ignore
    if (wrong !== undefined) throw invalid('a term that reads taps and outputs, { as: "logits" }', wrong);
  }
  for (const target of Object.values<unknown>(reads.targets ?? {})) {
    const { as } = Object(target) as { readonly as?: unknown };
    if (!targets.includes(as)) throw invalid(`a term that reads targets as ${targets.join(', ')}`, as);
  }
}

function isPlace(place: Place): boolean {
  if (typeof place === 'string') return true;
  if (!isObject(place)) return false;
  return isOutput(place) ? Object.hasOwn(conventions, place.as) : typeof place.layer === 'string';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown, positive: boolean): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'number' && Number.isFinite(value) && (!positive || value >= 0);
}

function isModule(module: Partial<Module>): boolean {
  const { name, build, reads } = Object(module) as Partial<Module>;
  return typeof name === 'string' && name !== '' && typeof build === 'function' && isObject(reads);
}
