import type { ValidCalls } from '@kd/testing/fuzz';

const notCalled = 'It adds tests to the file that calls it.';

export const validCalls: Readonly<Record<string, ValidCalls>> = {
  '@kd/conformance': {
    Nonconformity: { notCalled: 'An error, as Error itself.' },
    describeGoldenWith: { notCalled },
    describeTeacherWith: { notCalled },
    describeTermWith: { notCalled },
  },
  '@kd/conformance/vitest': {
    describeGolden: { notCalled },
    describeTeacher: { notCalled },
    describeTerm: { notCalled },
  },
  '@kd/conformance/node-test': {
    describeGolden: { notCalled },
    describeTeacher: { notCalled },
    describeTerm: { notCalled },
  },
};
