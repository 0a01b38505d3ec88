import { isOutput } from '@kd/core';
import type { Module, Place, Reads, Term } from '@kd/core';

/** A term or a module: whatever reads. */
export interface Reader {
  /** For messages: `the term "soft"`. */
  readonly where: string;
  readonly reads: Reads;
}

/** A term as a reader. */
export function readerOfTerm({ name, reads }: Term): Reader {
  return { where: `the term ${JSON.stringify(name)}`, reads };
}

/** A module as a reader. */
export function readerOfModule({ name, reads }: Module): Reader {
  return { where: `the module ${JSON.stringify(name)}`, reads };
}

/** The modules of some terms, each once. */
export function modulesOf(terms: readonly Term[]): Module[] {
  const all = terms.flatMap(({ modules }) => Object.values(modules));
  const same = (one: Module, other: Module): boolean => one.name === other.name && one.build === other.build;
  return all.filter((module, index) => all.findIndex((other) => same(module, other)) === index);
}

/** The places that something reads of one side, each with the reader. */
export function placesOf(
  readers: readonly Reader[],
  side: 'student' | 'teacher',
): { readonly where: string; readonly place: Place }[] {
  return readers.flatMap(({ where, reads }) =>
    Object.values(reads[side] ?? {})
      .flat()
      .map((place: Place) => ({ where, place })),
  );
}

/** Whether any term reads an output of one side. */
export function readsOutputs(readers: readonly Reader[], side: 'student' | 'teacher'): boolean {
  return placesOf(readers, side).some(({ place }) => isOutput(place));
}
