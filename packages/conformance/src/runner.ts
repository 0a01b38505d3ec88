import { checks } from './checks/index.js';
import type { Term } from '@kd/core';
import { compareWithGolden, isFiniteWhereGoldenIsNot } from './golden.js';
import type { FromGolden, GoldenCase } from './golden.js';
import { Nonconformity } from './nonconformity.js';
import { checkClaims } from './read-claims.js';
import { teacherChecks } from './teacher/checks.js';
import type { TeacherRequests, TeacherSubject } from './teacher/subject.js';
import type { Claims, Shapes, Subject } from './subject.js';

/** The two functions of a test runner that the kit needs; vitest, node:test, jest and mocha have them. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

/** Adds a test for each rule that is meant for a term. */
export type DescribeTerm = <O extends object>(
  name: string,
  makeTerm: (options: O) => Term,
  shapes: Shapes,
  claims: Claims<NoInfer<O>>,
) => void;

/** A file of golden values: what a reference implementation said, and where it was not finite. */
export interface GoldenFile<Params, Inputs> {
  readonly cases: readonly GoldenCase<Params, Inputs>[];
  readonly degenerate?: readonly Pick<GoldenCase<Params, Inputs>, 'name' | 'params' | 'inputs'>[];
}

/** Adds a test for each case of a file. */
export type DescribeGolden = <Params, Inputs>(
  name: string,
  file: GoldenFile<Params, Inputs>,
  from: FromGolden<Params, Inputs>,
) => void;

/** `describeGolden` for a test runner. */
export function describeGoldenWith({ describe, it }: Runner): DescribeGolden {
  return (name, { cases, degenerate = [] }, from) => {
    if (cases.length === 0) throw new Nonconformity(`The golden file of ${name} has no cases.`);
    describe(name, () => {
      for (const one of cases)
        it(`has the values of the reference: ${one.name}`, () => compareWithGolden(one, from));
      for (const one of degenerate)
        it(`is finite where the reference is not: ${one.name}`, () => isFiniteWhereGoldenIsNot(one, from));
    });
  };
}

/** `describeTerm` for a test runner. */
export function describeTermWith({ describe, it }: Runner): DescribeTerm {
  return (name, makeTerm, shapes, claims) => {
    checkClaims(claims);
    const subject = { makeTerm, shapes, claims } as unknown as Subject;
    const term = makeTerm(claims.options);
    describe(name, () => {
      for (const { rule, applies, run } of checks)
        if (applies === undefined || applies(subject, term)) it(rule, () => run(subject));
    });
  };
}

/** Adds a test for each rule that is meant for a teacher. */
export type DescribeTeacher = (
  name: string,
  makeTeacher: TeacherSubject['makeTeacher'],
  requests: TeacherRequests,
) => void;

/** `describeTeacher` for a test runner. */
export function describeTeacherWith({ describe, it }: Runner): DescribeTeacher {
  return (name, makeTeacher, requests) => {
    const subject: TeacherSubject = { makeTeacher, requests };
    describe(name, () => {
      for (const { rule, applies, run } of teacherChecks)
        if (applies === undefined || applies(subject)) it(rule, () => run(subject));
    });
  };
}
