import '@tensorflow/tfjs-backend-cpu';
import { ones, tensor2d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { arraysTeacher, ensembleTeacher, layersTeacher } from '@kd/teacher';
import { completionsTeacher } from '@kd/teacher/completions';
import { functionTeacher } from '@kd/teacher/function';
import { onnxTeacher } from '@kd/teacher/onnx';

const teacherOf = (initializer) => {
  const dense = layers.dense({ units: 2, inputShape: [3], kernelInitializer: initializer });
  return layersTeacher(sequential({ layers: [dense] }), { convention: 'logits' });
};
const teacher = ensembleTeacher({ first: teacherOf('zeros'), second: teacherOf('ones') });
const { members } = await teacher.predict({ inputs: { x: ones([1, 3]) } }, { outputs: ['output'], taps: [] });
const logits = await Promise.all(members.map(({ outputs }) => outputs.output.data()));
if (logits.map((values) => values.join()).join(' ') !== '0,0 3,3')
  throw new Error(`The members gave ${logits}`);

// The entries that use other libraries; a stub replaces onnxruntime, which users install themselves.
const stated = { convention: 'logits', classes: ['a', 'b'], fingerprint: 'v1' };
// Called with `new`, which gives the returned object.
function Tensor(type, data, dims) {
  return { type, data, dims };
}
const session = {
  inputNames: ['x'],
  outputNames: ['y'],
  run: async ({ x }) => ({ y: new Tensor('float32', x.data.slice(0, 2), [1, 2]) }),
};
const runtime = { Tensor, InferenceSession: { create: async () => session } };
const others = ensembleTeacher({
  call: functionTeacher(() => [[4, 5]], { ...stated, retries: 1, timeoutMs: 1000 }),
  onnx: await onnxTeacher(runtime, session, stated),
  stored: arraysTeacher(new Map([['id', [6, 7]]]), { convention: 'logits', classes: stated.classes }),
});
const answer = await others.predict(
  { inputs: { x: ones([1, 3]) }, ids: ['id'] },
  { outputs: ['output'], taps: [] },
);
const rows = await Promise.all(answer.members.map(({ outputs }) => outputs.output.data()));
if (rows.map((values) => values.join()).join(' ') !== '4,5 1,1 6,7')
  throw new Error(`The members gave ${rows}`);

// A stub replaces the server.
const top = { 'token_id:2': Math.log(0.5), 'token_id:0': Math.log(0.25) };
const logprobs = { tokens: ['token_id:1', 'token_id:2'], top_logprobs: [null, top] };
globalThis.fetch = async () => Response.json({ choices: [{ logprobs }] });
const options = { url: 'http://localhost/v1', model: 'tiny', fingerprint: 'v1', topK: 2, vocabulary: 4 };
const said = await completionsTeacher(options).predict(
  { inputs: { tokens: tensor2d([[1]], [1, 1], 'int32') } },
  { outputs: ['output/top'], taps: [] },
);
const classes = await said.members[0].outputs['output/top'].data();
if (classes.join() !== '2,0') throw new Error(`The most likely tokens were ${classes}`);
console.log('works');
