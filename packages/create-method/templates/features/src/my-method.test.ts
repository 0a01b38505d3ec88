import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeTerm } from '@kd/conformance/node-test';
import { myMethod } from './index.js';

const shapes = { student: { features: [2, 3] }, teacher: { features: [2, 3] } };

describeTerm('myMethod', myMethod, shapes, {
  options: { student: 'conv_2', teacher: 'conv_6' },
  variants: [{ delta: 0.1 }],
  atEquality: 'zero',
  // The formula once more, as the paper has it, in float64.
  reference: ({ student, teacher }) =>
    student['features']!.map((example, row) => {
      const [s, t] = [example, teacher['features']![row]].map((one) => (one as number[][]).flat()) as [
        number[],
        number[],
      ];
      const values = s.map((value, at) => Math.sqrt(1 + (value - t[at]!) ** 2) - 1);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  refuses: { delta: [0, -1], weight: [-1], name: [''], student: [undefined], teacher: [undefined] },
  refusesShapes: [{ ...shapes, student: { features: [2, 4] } }],
});
