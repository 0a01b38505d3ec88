import { join } from 'node:path';
import type * as backendModule from '@kd/backend';
import type * as backendNodeModule from '@kd/backend/node';
import type * as filesModule from '@kd/files';
import * as module from '@kd/model';
import type { ValidCallsOf } from '../valid-call.js';
import { batch, directory, net, opaque, scores } from './values.js';

const place = () => ({ where: 'fuzz', argument: 'directory', directory: directory() });
const fault = { expected: 'a file', received: 'none', remedy: 'Write it.' };
const context = { training: true, seed: 1, place: 1 };
const layer = () => net().getLayer('student_hidden');

export const model: ValidCallsOf<typeof module> = {
  checkBuilt: { args: () => ['fuzz', 'model', net()], checked: [2] },
  checkGradientsRegistered: { args: () => ['fuzz'], checked: [] },
  checkLayers: { args: () => ['fuzz', 'layers', net(), ['student_out']], checked: [2, 3] },
  checkTrainable: { args: () => ['fuzz', net()], checked: [1] },
  dividedInputs: { args: () => ['fuzz', batch(), 2], checked: [], inTidy: true },
  fixedRows: { args: () => [[[8, 4]]], checked: [] },
  forward: {
    args: () => {
      const student = net();
      const taps = [opaque(module.resolveTap('fuzz', student, 'student_hidden'))];
      return [student, [scores()], { taps, outputs: true, training: true, seed: 1, place: 1 }];
    },
    inTidy: true,
  },
  forwardNext: { args: () => [net(), scores()], checked: [0, 1], inTidy: true },
  frozenLayers: { args: () => [net()], checked: [] },
  inFixedRows: { args: () => ['fuzz', batch(), 2, () => [scores()]], checked: [] },
  inputsOfModel: { args: () => ['fuzz', net(), batch()], checked: [1, 2] },
  isAmong: { args: () => [{ paths: ['a'] }, ['a']], checked: [] },
  isBuiltLayer: { args: () => [layer()], checked: [] },
  joinedValues: { args: () => ['fuzz', [[scores()]], 2, 2], checked: [], inTidy: true },
  lastActivation: () => [net(), 0],
  layersOf: () => [net()],
  layersUpTo: { args: () => ['fuzz', net(), 'student_out'], checked: [1, 2] },
  listTaps: () => [net()],
  modelOutputs: { args: () => ['fuzz', 'model', net(), 'logits'], checked: [2, 3] },
  namedWeights: () => [net()],
  openRows: { args: () => [[8, 4], 8], checked: [] },
  penaltiesOfLayer: { args: () => [layer()], checked: [] },
  regularizersOf: () => [net()],
  resolveTap: {
    args: () => ['fuzz', net(), { layer: 'student_out', at: 'output', node: 0 }],
    checked: [1, 2],
  },
  runLayer: { args: () => [layer(), [scores()], context], checked: [] },
  weightsOfLayer: { args: () => [layer(), 'a', ['a']], checked: [] },
};

/** Its README says that all but models pass on what the file system throws. */
export const files: ValidCallsOf<typeof filesModule> = {
  accessFault: { args: () => ['fuzz', 'file', new Error('x')], checked: [] },
  checkRegularFile: { args: () => [import.meta.filename], mayThrow: true },
  codeOf: () => [new Error('x')],
  describeFault: () => [new Error('x')],
  inTurn: { args: () => [directory(), () => Promise.resolve(1)], mayThrow: true },
  isDiskFull: () => [new Error('x')],
  isGone: { args: () => [{ host: 'a', pid: 1 }], checked: [] },
  modelDirectory: {
    args: () => [join(directory(), 'model')],
    use: (handler) => handler.save({ modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(0) }),
  },
  readFault: { args: () => ['fuzz', 'file', fault], checked: [] },
  registerFileScheme: () => [],
  replaceFile: { args: () => [join(directory(), 'file'), 'text', 'token'], mayThrow: true },
  syncDirectory: { args: () => [directory()], mayThrow: true },
  takeLock: { args: () => [place()], use: (lock) => lock.release(), mayThrow: true },
  thisProcess: () => [],
  withLock: { args: () => [place(), () => Promise.resolve(1)], mayThrow: true },
  withWriteFaults: {
    args: () => [{ ...place(), kept: 'All.' }, () => Promise.resolve(1)],
    checked: [1],
    mayThrow: true,
  },
  withWriteFaultsSync: { args: () => [{ ...place(), kept: 'All.' }, () => 1], checked: [1], mayThrow: true },
  writeSynced: { args: () => [join(directory(), 'file'), ['text']], mayThrow: true },
};

export const backend: ValidCallsOf<typeof backendModule> = {
  registerTrainingKernels: () => [],
  selectBackend: () => [{ prefer: ['cpu'], model: net() }],
};

export const backendNode: ValidCallsOf<typeof backendNodeModule> = {
  selectBackend: () => [{ require: 'cpu', model: net(), threads: 1 }],
};
