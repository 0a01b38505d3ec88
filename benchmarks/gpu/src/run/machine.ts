import { availableParallelism, cpus, release, totalmem } from 'node:os';
import process from 'node:process';
import { askProgram } from './ask-program.js';
import type { Printed } from './ask-program.js';
import type { Vulkan } from './vulkan.js';

const asked = ['name', 'driver_version', 'memory.total', 'power.limit'];
const pythonProgram =
  'import torch; print(torch.__version__, torch.version.cuda, torch.cuda.is_available(), sep="|")';

/** The machine of a run. */
export interface Machine {
  /** A line of nvidia-smi for each GPU, or why there is none. */
  readonly gpus: readonly string[] | string;
  /** PyTorch's versions and whether it sees the GPU, or why it is absent. */
  readonly pytorch: { readonly version: string; readonly cuda: string; readonly gpu: boolean } | string;
  readonly vulkan: Pick<Vulkan, 'loader' | 'drivers'>;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly kernel: string;
}

/** Describes the machine; what cannot be asked is described by the fault. */
export async function describeMachine(python: string, { loader, drivers }: Vulkan): Promise<Machine> {
  const [smi, torch] = await Promise.all([
    askProgram('nvidia-smi', [`--query-gpu=${asked.join(',')}`, '--format=csv,noheader'], 30),
    askProgram(python, ['-c', pythonProgram], 90),
  ]);
  return {
    gpus: 'text' in smi ? smi.text.split('\n') : smi.fault,
    pytorch: pytorchOf(torch),
    vulkan: { loader, drivers },
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    kernel: release(),
  };
}

function pytorchOf(printed: Printed): Machine['pytorch'] {
  if ('fault' in printed) return printed.fault.split('\n').at(-1) ?? '';
  const [version = '', cuda = '', gpu] = printed.text.split('|');
  return { version, cuda, gpu: gpu === 'True' };
}
