// The losses of @kd/soft-target-loss as operations of TensorFlow: the loss of each row and its gradient in one pass over the
// logits, in float64. Composed, a loss is dozens of operations on a few thousand numbers, and by single operations takes most of its
// time between them. @kd/backend has the same loops in JavaScript; a function of TensorFlow cannot contain those.
//
//   KdSoftTargetLoss(studentLogits, teacherLogits, temperature, softFactor)
//   KdHardTargetLoss(studentLogits, labels, hardFactor, labelSmoothing)
//   KdDistillationLoss: the sum of both, with the inputs of the first and then the rest of the second
//
// Logits are float32 [..., N], labels float32 or int32 [...], the numbers float32 scalars. Outputs: the losses, [...], and the
// gradient with respect to studentLogits, [..., N].
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tfnodejs {
namespace {

/** `softmax(z / T)` of one row, with its logarithm. */
struct Distribution {
  std::vector<double> p, log_p;

  explicit Distribution(int64_t classes) : p(classes), log_p(classes) {}

  // `log(1 + s)`, with s from all classes but one of the largest, keeps digits that `log(sum)` loses when a class is nearly
  // certain.
  void Set(const float *logits, double temperature) {
    const size_t classes = p.size();
    size_t largest = 0;
    for (size_t i = 1; i < classes; i++)
      if (logits[i] > logits[largest]) largest = i;
    const double top = logits[largest];
    double others = 0;
    for (size_t i = 0; i < classes; i++) {
      log_p[i] = (logits[i] - top) / temperature;
      p[i] = std::exp(log_p[i]);
      if (i != largest) others += p[i];
    }
    const double excess = std::log1p(others);
    for (size_t i = 0; i < classes; i++) {
      log_p[i] -= excess;
      p[i] /= 1 + others;
    }
  }
};

/** `e^d - 1 - d` for small d, where the terms of the definition cancel. */
double Remainder(double d) { return d * d * (1. / 2 + d * (1. / 6 + d * (1. / 24 + d * (1. / 120)))); }

/** `factor KL(p || q)`; adds `factor / T (q - p)` to the gradient. */
double SoftTargetRow(const Distribution &teacher, const Distribution &student, double temperature, double factor,
                     float *gradient) {
  // A finite logarithm whose probability is zero, so that 0 * log 0 gives 0 and not NaN.
  constexpr double kImpossible = -1e30;
  constexpr double kSmall = 0.01;
  const double slope = factor / temperature;
  double divergence = 0;
  for (size_t i = 0; i < student.p.size(); i++) {
    const double p = teacher.p[i], q = student.p[i];
    const double d = student.log_p[i] - std::max(teacher.log_p[i], kImpossible);
    // p (e^d - 1 - d) sums to p log(p / q), and all terms have the same sign.
    divergence += std::abs(d) < kSmall ? p * Remainder(d) : q - p - p * d;
    gradient[i] += slope * (q - p);
  }
  return factor * divergence;
}

/** `-factor sum t log q`, `t = (1-ε) [i = y] + ε/N`; adds `factor (q - t)` to the gradient. NaN without a gradient for no class. */
double HardTargetRow(double label, const Distribution &student, double factor, double smoothing, float *gradient) {
  const int64_t classes = student.p.size();
  if (!(label >= 0 && label < classes && label == std::floor(label))) return std::numeric_limits<double>::quiet_NaN();
  double likelihood = 0;
  for (int64_t i = 0; i < classes; i++) {
    const double t = (i == static_cast<int64_t>(label) ? 1 - smoothing : 0) + smoothing / classes;
    likelihood += t * student.log_p[i];
    gradient[i] += factor * (student.p[i] - t);
  }
  return -factor * likelihood;
}

using Tensor = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;

/** Inputs and outputs of one run of an operation. */
struct Run {
  TF_OpKernelContext *context;
  TF_Status *status = TF_NewStatus();

  ~Run() {
    if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
    TF_DeleteStatus(status);
  }

  Tensor Input(int index) {
    TF_Tensor *tensor = nullptr;
    // It would clear an error.
    if (IsOk()) TF_GetInput(context, index, &tensor, status);
    return Tensor(tensor, TF_DeleteTensor);
  }

  double Number(int index) {
    const Tensor tensor = Input(index);
    if (!IsOk()) return 0;
    if (TF_TensorElementCount(tensor.get()) == 1) return *static_cast<const float *>(TF_TensorData(tensor.get()));
    Refuse("numbers have to be scalars");
    return 0;
  }

  Tensor Output(int index, const std::vector<int64_t> &shape, int64_t count) {
    return Tensor(TF_AllocateOutput(context, index, TF_FLOAT, shape.data(), shape.size(), count * sizeof(float), status),
                  TF_DeleteTensor);
  }

  void Refuse(const char *why) { TF_SetStatus(status, TF_INVALID_ARGUMENT, why); }

  bool IsOk() const { return TF_GetCode(status) == TF_OK; }
};

double LabelAt(const TF_Tensor *labels, int64_t row) {
  const void *data = TF_TensorData(labels);
  if (TF_TensorType(labels) == TF_INT32) return static_cast<const int32_t *>(data)[row];
  return static_cast<const float *>(data)[row];
}

template <bool kSoft, bool kHard>
void Compute(void *, TF_OpKernelContext *context) {
  Run run{context};
  const Tensor logits = run.Input(0);
  const Tensor teacher = kSoft ? run.Input(1) : Tensor(nullptr, TF_DeleteTensor);
  const double temperature = kSoft ? run.Number(2) : 1;
  const double soft_factor = kSoft ? run.Number(3) : 0;
  constexpr int kFirst = kSoft ? 4 : 1;
  const Tensor labels = kHard ? run.Input(kFirst) : Tensor(nullptr, TF_DeleteTensor);
  const double hard_factor = kHard ? run.Number(kFirst + 1) : 0;
  const double smoothing = kHard ? run.Number(kFirst + 2) : 0;
  if (!run.IsOk()) return;

  std::vector<int64_t> shape(TF_NumDims(logits.get()));
  for (size_t axis = 0; axis < shape.size(); axis++) shape[axis] = TF_Dim(logits.get(), axis);
  const int64_t count = TF_TensorElementCount(logits.get());
  const int64_t classes = shape.empty() ? 0 : shape.back();
  if (classes == 0) return run.Refuse("logits need classes");
  const int64_t rows = count / classes;
  if (kSoft && TF_TensorElementCount(teacher.get()) != count) return run.Refuse("teacherLogits have another size");
  if (kHard && TF_TensorElementCount(labels.get()) != rows) return run.Refuse("labels are not one for each row");

  const Tensor slopes = run.Output(1, shape, count);
  if (!run.IsOk()) return;
  shape.pop_back();
  const Tensor losses = run.Output(0, shape, rows);
  if (!run.IsOk()) return;
  const auto *z = static_cast<const float *>(TF_TensorData(logits.get()));
  const auto *v = kSoft ? static_cast<const float *>(TF_TensorData(teacher.get())) : nullptr;
  auto *gradient = static_cast<float *>(TF_TensorData(slopes.get()));
  auto *loss = static_cast<float *>(TF_TensorData(losses.get()));
  std::fill(gradient, gradient + count, 0.f);
  Distribution of_teacher(classes), at_temperature(classes), of_student(classes);
  for (int64_t row = 0; row < rows; row++) {
    const int64_t start = row * classes;
    double sum = 0;
    if (kSoft) {
      of_teacher.Set(v + start, temperature);
      at_temperature.Set(z + start, temperature);
      sum += SoftTargetRow(of_teacher, at_temperature, temperature, soft_factor, gradient + start);
    }
    if (kHard) {
      of_student.Set(z + start, 1);
      sum += HardTargetRow(LabelAt(labels.get(), row), of_student, hard_factor, smoothing, gradient + start);
    }
    loss[row] = sum;
  }
}

void NoShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

void Register(const char *name, const std::vector<std::string> &inputs, bool has_labels,
              void (*compute)(void *, TF_OpKernelContext *)) {
  TF_Status *status = TF_NewStatus();
  TF_OpDefinitionBuilder *operation = TF_NewOpDefinitionBuilder(name);
  if (has_labels) TF_OpDefinitionBuilderAddAttr(operation, "Label: {float, int32}");
  for (const std::string &input : inputs) TF_OpDefinitionBuilderAddInput(operation, input.c_str());
  TF_OpDefinitionBuilderAddOutput(operation, "loss: float");
  TF_OpDefinitionBuilderAddOutput(operation, "gradient: float");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(operation, NoShapes);
  TF_RegisterOpDefinition(operation, status);
  if (TF_GetCode(status) == TF_OK)
    TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", nullptr, compute, nullptr), status);
  TF_DeleteStatus(status);
}

}  // namespace

/** Makes the operations known to TensorFlow, once in a process. */
void RegisterLossOperations() {
  static std::once_flag once;
  std::call_once(once, [] {
    const std::vector<std::string> soft = {"teacher: float", "temperature: float", "soft_factor: float"};
    const std::vector<std::string> hard = {"labels: Label", "hard_factor: float", "label_smoothing: float"};
    std::vector<std::string> of_soft = {"student: float"}, of_hard = of_soft;
    of_soft.insert(of_soft.end(), soft.begin(), soft.end());
    of_hard.insert(of_hard.end(), hard.begin(), hard.end());
    std::vector<std::string> of_both = of_soft;
    of_both.insert(of_both.end(), hard.begin(), hard.end());
    Register("KdSoftTargetLoss", of_soft, false, Compute<true, false>);
    Register("KdHardTargetLoss", of_hard, true, Compute<false, true>);
    Register("KdDistillationLoss", of_both, true, Compute<true, true>);
  });
}

}  // namespace tfnodejs
