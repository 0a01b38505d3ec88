import { depth } from './depth.js';
import { few } from './few.js';
import { published } from './published.js';
import type { Sizes } from './study.js';
import { table } from './table.js';

/** What `--study` selects. */
export const studies: Readonly<Record<'table' | 'published' | 'depth' | 'few', Sizes>> = {
  table,
  published,
  depth,
  few,
};
export type { Column, Kind, Sizes, Study, TeacherKind, Trained, Way } from './study.js';
