import '@tensorflow/tfjs-backend-cpu';
import { ones } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { ensembleTeacher, layersTeacher } from '@kd/teacher';

const teacherOf = (initializer) => {
  const dense = layers.dense({ units: 2, inputShape: [3], kernelInitializer: initializer });
  return layersTeacher(sequential({ layers: [dense] }), { output: 'logits' });
};
const teacher = ensembleTeacher({ first: teacherOf('zeros'), second: teacherOf('ones') });
const { members } = await teacher.predict({ inputs: { x: ones([1, 3]) } }, { taps: [] });
const logits = await Promise.all(members.map(({ output }) => output.data()));
if (logits.map((values) => values.join()).join(' ') !== '0,0 3,3')
  throw new Error(`The members gave ${logits}`);
console.log('works');
