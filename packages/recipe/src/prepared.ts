import type { Term } from '@kd/core';
import type { BuiltModule } from './built-modules.js';
import type { KnownStudent } from './known-side.js';
import type { Recipe } from './recipe.js';
import type { SourcesOfReader } from './sources.js';

/** What an objective knows before the first step. */
export interface Prepared {
  readonly recipe: Recipe;
  readonly student: KnownStudent;
  readonly terms: readonly PreparedTerm[];
  readonly datasetSize: number | undefined;
}

/** A term with the sources of what it reads, and its modules. */
export interface PreparedTerm {
  readonly term: Term;
  readonly sources: SourcesOfReader;
  /** By the names that the term gives them. */
  readonly modules: Readonly<Record<string, BuiltModule>>;
}
