// The headers that the C API needs; all of them would be 13,000 files.
const headers = /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl)|tsl|xla\/tsl)\/.*\.h)$/;
const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/;
const metadata = /^tensorflow(?:_cpu)?-[^/]+\.dist-info\/(METADATA)$/;
// Beside its libraries TensorFlow takes from CUDA what compiles kernels for a GPU that it has none for.
const cuda = /^nvidia\/\w+\/lib\/[^/]+\.so[^/]*$|^nvidia\/cuda_nvcc\/(?:bin\/ptxas|nvvm\/libdevice\/[^/]+)$/;

/**
 * The path that a file of a wheel gets below the directory of an installation; undefined for one that is not needed.
 *
 * TensorFlow looks for `../nvidia/<part>/lib` beside its own directory, as in Python's site-packages.
 */
export function placeOf(file: string): string | undefined {
  const [, name] = library.exec(file) ?? [];
  if (name !== undefined) return `deps/lib/${name}`;
  if (cuda.test(file) && !file.includes('.alt.so')) return `deps/${file}`;
  return headers.exec(file)?.[1] ?? metadata.exec(file)?.[1];
}
