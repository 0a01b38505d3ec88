import { describe, it } from 'vitest';
import { describeGoldenWith, describeTeacherWith, describeTermWith } from './runner.js';
import type { DescribeGolden, DescribeTeacher, DescribeTerm } from './runner.js';

/** Adds a test of vitest for each rule that is meant for a term. */
export const describeTerm: DescribeTerm = describeTermWith({ describe, it });

/** Adds a test of vitest for each case of a file of golden values. */
export const describeGolden: DescribeGolden = describeGoldenWith({ describe, it });

/** Adds a test of vitest for each rule that is meant for a teacher. */
export const describeTeacher: DescribeTeacher = describeTeacherWith({ describe, it });
