import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { describeTermWith, Nonconformity } from '@kd/conformance';
import { defineTerm } from '@kd/core';
import { mean, square, sub } from '@tensorflow/tfjs-core';

const squared = (keepsAxis) => () =>
  defineTerm({
    name: 'squared error',
    reads: { student: { map: 'a' }, teacher: { map: 'b' } },
    loss: ({ student, teacher }) => ({ values: mean(square(sub(student.map, teacher.map)), 1, keepsAxis) }),
  });

/** The rules that a term breaks. */
async function brokenRules(makeTerm) {
  const broken = [];
  const tests = [];
  const describeTerm = describeTermWith({
    describe: (_, body) => body(),
    it: (rule, test) => void tests.push({ rule, test }),
  });
  describeTerm('term', makeTerm, { student: { map: [3] }, teacher: { map: [3] } }, { options: {} });
  for (const { rule, test } of tests)
    await test().catch((error) => {
      if (!(error instanceof Nonconformity)) throw error;
      broken.push(rule);
    });
  return broken;
}

// The term has no options, so that it refuses none.
const [sound, kept] = [await brokenRules(squared(false)), await brokenRules(squared(true))];
const more = kept.filter((rule) => !sound.includes(rule));
if (more.join() !== 'has one value for each example or position, or one for the batch')
  throw new Error(`found ${more.join(', ')}`);
console.log('works');
