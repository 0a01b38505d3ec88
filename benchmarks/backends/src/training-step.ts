import { distillationLoss, hardTargetLoss } from '@kd/soft-target-loss';
import { losses, mean, randomNormal, randomUniform, tidy } from '@tensorflow/tfjs-core';
import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { layers, model as functionalModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Net } from './nets.js';
import type { Work } from './works.js';

const temperature = 4;
const classes = 10;

/** Prepares a work on the current backend; each call of the result makes one step and returns its loss. */
export function trainingStep(work: Work, optimizer: Optimizer): () => Promise<number> {
  const x = randomNormal([...work.inputShape]);
  const labels = randomUniform([work.inputShape[0] ?? 0], 0, classes, 'int32');
  const student = work.student();
  const { variables, loss } = lossOf(work, student, { x, labels });
  return async () => {
    const value = optimizer.minimize(loss, true, variables) as Scalar;
    const [number = NaN] = await value.data();
    value.dispose();
    return number;
  };
}

interface Batch {
  readonly x: Tensor;
  readonly labels: Tensor;
}
interface Objective {
  readonly variables: Variable[];
  readonly loss: () => Scalar;
}

function lossOf(work: Work, student: Net, { x, labels }: Batch): Objective {
  const forward = (model: LayersModel): Tensor => model.apply(x, { training: true }) as Tensor;
  if (work.step === 'plain') {
    return {
      variables: variablesOf(student.model),
      loss: () => mean(hardTargetLoss(labels, forward(student.model))),
    };
  }
  const teacher = work.teacher();
  if (work.step !== 'hint') {
    const ask = (): Tensor => tidy(() => teacher.model.predict(x, { batchSize: 1024 }) as Tensor);
    const precomputed = work.step === 'kd-targets' ? ask() : undefined;
    return {
      variables: variablesOf(student.model),
      loss: () => {
        const logits = forward(student.model);
        const taught = precomputed ?? ask();
        const targets = { teacherLogits: taught, labels };
        return mean(distillationLoss(targets, logits, { temperature, softWeight: 0.9 }));
      },
    };
  }
  const hint = lowerPart(teacher);
  const guided = lowerPart(student);
  const regressor = regressorBetween(guided, hint);
  return {
    variables: [...variablesOf(guided), ...variablesOf(regressor)],
    loss: () => {
      const target = tidy(() => hint.predict(x, { batchSize: 1024 }) as Tensor);
      return losses.meanSquaredError(target, regressor.apply(forward(guided), { training: true }) as Tensor);
    },
  };
}

function variablesOf(model: LayersModel): Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as Variable);
}

function lowerPart({ model, middle }: Net): LayersModel {
  return functionalModel({ inputs: model.inputs, outputs: model.getLayer(middle).output });
}

function regressorBetween(guided: LayersModel, hint: LayersModel): LayersModel {
  const inputShape = guided.outputs[0]?.shape.slice(1) as number[];
  const units = hint.outputs[0]?.shape.at(-1) ?? 1;
  const layer =
    inputShape.length === 1
      ? layers.dense({ units, inputShape })
      : layers.conv2d({ filters: units, kernelSize: 1, inputShape });
  return sequential({ layers: [layer] });
}
