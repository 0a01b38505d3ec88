import { complex, ones, scalar, tensor, variable, zeros } from '@tensorflow/tfjs-core';
import { input, layers, model, sequential } from '@tensorflow/tfjs-layers';
import { disposedTensor } from '../../refusals.js';
import type { HostileValues } from './hostile-value.js';

const dense = () => sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] });

export const tensors: HostileValues = {
  'a scalar': () => scalar(2),
  'a tensor [0, 2]': () => zeros([0, 2]),
  'a tensor [2]': () => ones([2]),
  'a tensor [2, 2, 2]': () => ones([2, 2, 2]),
  'an int32 tensor': () => ones([2, 2], 'int32'),
  'a bool tensor': () => ones([2, 2], 'bool'),
  'a string tensor': () => tensor(['a', 'b']),
  'a complex tensor': () => {
    const [real, imaginary] = [ones([2, 2]), ones([2, 2])];
    const made = complex(real, imaginary);
    real.dispose();
    imaginary.dispose();
    return made;
  },
  'a tensor of NaN': () => tensor([NaN, NaN, 1, Infinity], [2, 2]),
  'a variable': () => variable(ones([2, 2])),
  'a disposed tensor': disposedTensor,
  'a model': dense,
  'a disposed model': () => {
    const gone = dense();
    gone.dispose();
    return gone;
  },
  'a model without layers': () => sequential(),
  'a model with two outputs': () => {
    const x = input({ shape: [2] });
    const outputs = [layers.dense({ units: 2 }), layers.dense({ units: 3 })].map((layer) => layer.apply(x));
    return model({ inputs: x, outputs: outputs as never });
  },
  'a layer': () => layers.dense({ units: 2 }),
};
