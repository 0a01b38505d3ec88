/** The instructions that all peers may use. */
export type Isa = 'unrestricted' | 'avx2';

export const isas: readonly Isa[] = ['unrestricted', 'avx2'];

/**
 * Environment variables that hold oneDNN, PyTorch, MKL, XLA and the compiler behind torch.compile to AVX2.
 * wasm has 128-bit instructions anyway.
 */
const avx2: Readonly<Record<string, string>> = {
  ONEDNN_MAX_CPU_ISA: 'AVX2',
  DNNL_MAX_CPU_ISA: 'AVX2',
  ATEN_CPU_CAPABILITY: 'avx2',
  MKL_ENABLE_INSTRUCTIONS: 'AVX2',
  XLA_FLAGS: '--xla_cpu_max_isa=AVX2',
  // torch.compile calls g++ with -march=native otherwise.
  TORCHINDUCTOR_CPP_MARCH: 'x86-64-v3',
};

/** The environment of the processes of all peers. */
export function environmentFor(isa: Isa, base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return isa === 'avx2' ? { ...base, ...avx2 } : base;
}
