/** A package for pip: its versions, and the hash of the only accepted file, if known. */
export interface Requirement {
  readonly name: string;
  /** As pip writes it: `==2.21.0`. */
  readonly versions: string;
  readonly sha256?: string;
}

/** The wheels of one installation, TensorFlow's first. */
export type Wheels = readonly [Requirement, ...Requirement[]];

/** The default wheels, installed unless the user asks for another TensorFlow. */
export interface PinnedWheels {
  readonly cpu: Wheels;
  readonly gpu: Wheels;
}

/** The default version of TensorFlow. */
export const pinnedVersion = '2.21.0';

// The CUDA 12 packages that TensorFlow lists for its extra `and-cuda`.
const cuda = {
  'nvidia-cublas-cu12==12.9.3.13': 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
  'nvidia-cuda-cupti-cu12==12.9.79': '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
  'nvidia-cuda-nvcc-cu12==12.9.86': '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
  'nvidia-cuda-nvrtc-cu12==12.9.86': '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
  'nvidia-cuda-runtime-cu12==12.9.79': '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
  'nvidia-cudnn-cu12==9.28.0.42': '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
  'nvidia-cufft-cu12==11.4.1.4': 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
  'nvidia-curand-cu12==10.3.10.19': '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
  'nvidia-cusolver-cu12==11.7.5.82': '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
  'nvidia-cusparse-cu12==12.5.10.65': '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
  'nvidia-nccl-cu12==2.32.3': 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
  'nvidia-nvjitlink-cu12==12.9.86': 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
};

/** The wheels whose hashes this package knows. */
export const pinnedWheels: PinnedWheels = {
  cpu: [
    pinned(
      `tensorflow-cpu==${pinnedVersion}`,
      'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    ),
  ],
  gpu: [
    pinned(
      `tensorflow==${pinnedVersion}`,
      'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    ),
    ...Object.entries(cuda).map(([line, sha256]) => pinned(line, sha256)),
  ],
};

function pinned(line: string, sha256: string): Requirement {
  const [name = '', version = ''] = line.split('==');
  return { name, versions: `==${version}`, sha256 };
}

/** The line of a requirements file. */
export function requirementLine({ name, versions, sha256 }: Requirement): string {
  return `${name}${versions}${sha256 === undefined ? '' : ` --hash=sha256:${sha256}`}`;
}

/** The CUDA packages that a TensorFlow wheel lists for its extra `and-cuda`, read from its METADATA. */
export function cudaRequirements(metadata: string): Requirement[] {
  const lines = metadata.matchAll(
    /^Requires-Dist: *(nvidia-[\w-]+) *\(?([^;)\n]*)\)? *;.*\bextra *== *["']and-cuda["']/gm,
  );
  return [...lines].map(([, name = '', versions = '']) => ({ name, versions: versions.trim() }));
}
