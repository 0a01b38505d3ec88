/** Codes for what a machine may lack to install TensorFlow; the command itself says so. */
const codes = [
  'KD_PLATFORM_UNSUPPORTED',
  'KD_PYTHON_MISSING',
  'KD_PIP_MISSING',
  'KD_COMPILER_MISSING',
  'KD_DISK_FULL',
  'KD_DOWNLOAD_FAILED',
];

/**
 * The first line of the message if this machine cannot install TensorFlow; undefined if the installation
 * should have worked.
 */
export function missing(message) {
  const line = message
    .split('\n')
    .find((candidate) => codes.some((code) => candidate.startsWith(`${code}: `)));
  return line?.replace('@kd/native install: ', '');
}
