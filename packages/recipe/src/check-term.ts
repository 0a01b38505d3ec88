import { describeValue, KdError } from '@kd/core';
import type { Module, Term, TermNeed } from '@kd/core';

const needs: readonly TermNeed[] = ['teacher', 'targets', 'ids', 'datasetSize', 'mask'];
/** Names under which a step reports numbers other than the losses of terms. */
const reserved: readonly string[] = ['regularizers', 'total'];

/**
 * Throws `KD_TERM_INVALID` unless `term` implements the contract of a term, as far as can be seen without
 * running it.
 */
export function checkTerm(where: string, argument: string, term: unknown): asserts term is Term {
  const invalid = (expected: string, received: unknown): KdError =>
    new KdError({
      code: 'KD_TERM_INVALID',
      where,
      argument,
      expected,
      received: describeValue(received),
      remedy: 'Implement the interface Term of @kd/core, or call the function that makes the term.',
    });
  const candidate = term as Partial<Term> | null;
  if (typeof candidate !== 'object' || candidate === null) throw invalid('a term', term);
  const {
    apiVersion,
    name,
    loss,
    reduces,
    weight = 1,
    taps = {},
    modules = [],
    usesOutputs = true,
  } = candidate;
  if (apiVersion !== 1) throw invalid('a term with apiVersion 1', apiVersion);
  if (typeof name !== 'string' || name === '') throw invalid('a term with a name', name);
  if (reserved.includes(name)) throw invalid(`a term with a name other than ${reserved.join(', ')}`, name);
  if (typeof loss !== 'function') throw invalid('a term with a loss function', loss);
  if (reduces !== 'example' && reduces !== 'batch') {
    throw invalid('a term that reduces "example" or "batch"', reduces);
  }
  if (!isWeight(weight))
    throw invalid('a term with a weight that is a finite number >= 0 or a schedule', weight);
  if (typeof usesOutputs !== 'boolean')
    throw invalid('a term whose usesOutputs is true or false', usesOutputs);
  const unknown = (candidate.needs ?? []).find((need) => !needs.includes(need));
  if (unknown !== undefined) throw invalid(`a term with needs among ${needs.join(', ')}`, unknown);
  for (const list of [taps.student ?? [], taps.teacher ?? []]) {
    if (!Array.isArray(list)) throw invalid('a term with arrays of taps', list);
  }
  const odd = modules.find((module) => !isModule(module));
  if (odd !== undefined) throw invalid('a term with modules that have a name and a build function', odd);
}

function isWeight(weight: unknown): boolean {
  return (
    typeof weight === 'function' || (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0)
  );
}

function isModule({ name, build }: Partial<Module>): boolean {
  return typeof name === 'string' && name !== '' && typeof build === 'function';
}
