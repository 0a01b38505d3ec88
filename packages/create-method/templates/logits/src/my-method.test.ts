import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeTerm } from '@kd/conformance/node-test';
import { myMethod } from './index.js';

const shapes = { student: { logits: [5] }, teacher: { logits: [5] } };

describeTerm('myMethod', myMethod, shapes, {
  options: {},
  variants: [{ temperature: 2 }],
  atEquality: 'zero',
  // The formula once more, as the paper has it, in float64.
  reference: ({ student, teacher }) =>
    student['logits']!.map((s, row) => {
      const [p, q] = [softmax(teacher['logits']![row] as number[]), softmax(s as number[])];
      return 16 * p.reduce((sum, x, at) => sum + x * Math.log(x / q[at]!), 0);
    }),
  refuses: { temperature: [0, -1], weight: [-1], name: [''], output: [''] },
});

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map((z) => Math.exp(z / 4));
  return powers.map((power) => power / powers.reduce((sum, one) => sum + one));
}
