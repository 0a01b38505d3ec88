import { fileURLToPath } from 'node:url';
import { expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { aboutTeacher, differenceOf } from './compare.js';

it('returns the largest difference of a probability', async () => {
  const logits = [Float32Array.of(Math.log(3), 0), Float32Array.of(1000, 1000)];
  expect(differenceOf([[0.75, 0.25], [0.5, 0.50002]], logits)).toBeCloseTo(2e-5, 8); // prettier-ignore
  await expectKdError(() => differenceOf([[0.75, 0.25], [0.6, 0.4]], logits), 'KD_TEACHER_OUTPUT', '0.0999'); // prettier-ignore
  // Fewer answers than digits.
  await expectKdError(() => differenceOf([[1], [1], [1]], logits), 'KD_TEACHER_OUTPUT', 'NaN');
});

it('reads the .json file next to the ONNX file', async () => {
  const about = await aboutTeacher(fileURLToPath(new URL('golden/tiny-teacher.onnx', import.meta.url)));
  expect(about).toMatchObject({ classifier: 'MLPClassifier', digits: 2000 });
  expect(about?.probabilities).toHaveLength(20);
  expect(await aboutTeacher('/nowhere/teacher.onnx')).toBeUndefined();
});
