/** What a machine may lack for an installation of TensorFlow; whoever lacks it is told so by the command itself. */
const codes = [
  'KD_PLATFORM_UNSUPPORTED',
  'KD_PYTHON_MISSING',
  'KD_PIP_MISSING',
  'KD_COMPILER_MISSING',
  'KD_DISK_FULL',
  'KD_DOWNLOAD_FAILED',
];

/** The first line of the message of an installation that this machine cannot do; undefined for one that must not fail. */
export function missing(message) {
  const line = message
    .split('\n')
    .find((candidate) => codes.some((code) => candidate.startsWith(`${code}: `)));
  return line?.replace('@kd/native install: ', '');
}
