// Whether TensorFlow's operations are those of oneDNN, which it asks when its libraries are loaded. It has this function too, but turns
// them on by itself on processors with AVX512-VNNI only, and reports on stderr that they are on. They are faster without it as
// well: a convolutional training step takes two thirds of the time. The linker finds this one first, as the addon comes
// before the libraries that it needs; where a later TensorFlow asks otherwise, its own answer counts.
#include <cstdlib>
#include <string>

namespace tensorflow {

bool IsMKLEnabled() {
  const char *wanted = std::getenv("TF_ENABLE_ONEDNN_OPTS");
  return wanted == nullptr || (std::string(wanted) != "0" && std::string(wanted) != "false");
}

}  // namespace tensorflow
