// Adds functions of TensorFlow to tfjs-node's binding: a graph of many operations that one call runs. tfjs-node's own
// sources stay as they are: this file includes the one that registers the binding, and registers it with four more methods.
//
//   addFunction(name: string, graph: Uint8Array, inputs: string[], outputs: string[], controls: string[]): void
//     Makes a function of a serialised GraphDef. `inputs` are names of its Placeholder nodes, `outputs` are "node:index",
//     `controls` are nodes that run although no output depends on them.
//   callFunction(name: string, inputs: Int32Array, outputs: number): Int32Array
//     Runs it on tensors by their ids, and returns the ids of its outputs.
//   removeFunction(name: string): void
//   operations(): Uint8Array
//     A serialised OpList. Graphs need the types that calls of single operations may leave out; it says which these are.
#include <node_api.h>
#undef NAPI_MODULE
// The binding's own registration comes to nothing.
#define NAPI_MODULE(name, init)
// Its handles of tensors are private, and there is no other way to them.
#define private public
#include "tfjs_backend.h"
#undef private
#include "tfe_auto_op.h"
#include "tfjs_binding.cc"

#include <memory>
#include <string>
#include <vector>

namespace tfnodejs {

// In loss-operations.cc.
void RegisterLossOperations();

namespace {

std::string ReadString(napi_env env, napi_value value) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return "";
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, &text[0], length + 1, &length);
  return text;
}

std::vector<std::string> ReadStrings(napi_env env, napi_value value) {
  uint32_t length = 0;
  napi_get_array_length(env, value, &length);
  std::vector<std::string> strings(length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    napi_get_element(env, value, i, &element);
    strings[i] = ReadString(env, element);
  }
  return strings;
}

/** A typed array, without a copy. */
template <typename Number>
struct Numbers {
  const Number *data = nullptr;
  size_t length = 0;
};

template <typename Number>
bool ReadNumbers(napi_env env, napi_value value, napi_typedarray_type wanted, Numbers<Number> *numbers) {
  napi_typedarray_type type;
  void *data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(env, value, &type, &numbers->length, &data, nullptr, nullptr);
  numbers->data = static_cast<const Number *>(data);
  if (status == napi_ok && type == wanted) return true;
  napi_throw_type_error(env, nullptr, "not the typed array that is expected");
  return false;
}

/** Throws in JavaScript if TensorFlow reports an error. */
bool Failed(napi_env env, const TF_AutoStatus &status) {
  if (TF_GetCode(status.status) == TF_OK) return false;
  napi_throw_error(env, nullptr, TF_Message(status.status));
  return true;
}

bool FindEnds(napi_env env, TF_Graph *graph, const std::vector<std::string> &names, std::vector<TF_Output> *ends) {
  for (const std::string &name : names) {
    const size_t colon = name.rfind(':');
    const int index = colon == std::string::npos ? 0 : std::stoi(name.substr(colon + 1));
    TF_Operation *node = TF_GraphOperationByName(graph, name.substr(0, colon).c_str());
    if (node == nullptr) {
      napi_throw_error(env, nullptr, ("the graph has no node " + name).c_str());
      return false;
    }
    ends->push_back({node, index});
  }
  return true;
}

napi_value AddFunction(napi_env env, napi_callback_info info) {
  size_t count = 5;
  napi_value args[5];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &count, args, nullptr, nullptr), nullptr);
  Numbers<uint8_t> bytes;
  if (!ReadNumbers(env, args[1], napi_uint8_array, &bytes)) return nullptr;
  TF_AutoStatus status;
  const std::unique_ptr<TF_Graph, decltype(&TF_DeleteGraph)> graph(TF_NewGraph(), TF_DeleteGraph);
  TF_Buffer *definition = TF_NewBufferFromString(bytes.data, bytes.length);
  TF_ImportGraphDefOptions *options = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(graph.get(), definition, options, status.status);
  TF_DeleteImportGraphDefOptions(options);
  TF_DeleteBuffer(definition);
  if (Failed(env, status)) return nullptr;
  std::vector<TF_Output> inputs, outputs, nodes;
  if (!FindEnds(env, graph.get(), ReadStrings(env, args[2]), &inputs)) return nullptr;
  if (!FindEnds(env, graph.get(), ReadStrings(env, args[3]), &outputs)) return nullptr;
  if (!FindEnds(env, graph.get(), ReadStrings(env, args[4]), &nodes)) return nullptr;
  std::vector<const TF_Operation *> controls;
  for (const TF_Output &node : nodes) controls.push_back(node.oper);
  TF_Function *function = TF_GraphToFunctionWithControlOutputs(
      graph.get(), ReadString(env, args[0]).c_str(), 0, -1, nullptr, inputs.size(), inputs.data(), outputs.size(),
      outputs.data(), nullptr, controls.size(), controls.data(), nullptr, nullptr, nullptr, status.status);
  if (Failed(env, status)) return nullptr;
  TFE_ContextAddFunction(GetTFJSBackend(env)->tfe_context_, function, status.status);
  TF_DeleteFunction(function);
  Failed(env, status);
  return nullptr;
}

napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value args[1];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &count, args, nullptr, nullptr), nullptr);
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(GetTFJSBackend(env)->tfe_context_, ReadString(env, args[0]).c_str(), status.status);
  Failed(env, status);
  return nullptr;
}

napi_value CallFunction(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value args[3];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &count, args, nullptr, nullptr), nullptr);
  TFJSBackend *backend = GetTFJSBackend(env);
  Numbers<int32_t> ids;
  if (!ReadNumbers(env, args[1], napi_int32_array, &ids)) return nullptr;
  int32_t expected = 0;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, args[2], &expected), nullptr);
  TF_AutoStatus status;
  TFE_AutoOp call(TFE_NewOp(backend->tfe_context_, ReadString(env, args[0]).c_str(), status.status));
  if (Failed(env, status)) return nullptr;
  TFE_OpSetDevice(call.op, backend->device_name.c_str(), status.status);
  if (Failed(env, status)) return nullptr;
  for (size_t i = 0; i < ids.length; i++) {
    const auto entry = backend->tfe_handle_map_.find(ids.data[i]);
    if (entry == backend->tfe_handle_map_.end()) {
      napi_throw_error(env, nullptr, ("input " + std::to_string(i) + " of the function is gone").c_str());
      return nullptr;
    }
    TFE_OpAddInput(call.op, entry->second, status.status);
    if (Failed(env, status)) return nullptr;
  }
  std::vector<TFE_TensorHandle *> outputs(expected, nullptr);
  int returned = expected;
  TFE_Execute(call.op, outputs.data(), &returned, status.status);
  if (Failed(env, status)) return nullptr;
  napi_value buffer, result;
  void *data = nullptr;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_arraybuffer(env, sizeof(int32_t) * returned, &data, &buffer), nullptr);
  for (int i = 0; i < returned; i++) static_cast<int32_t *>(data)[i] = backend->InsertHandle(outputs[i]);
  ENSURE_NAPI_OK_RETVAL(env, napi_create_typedarray(env, napi_int32_array, returned, buffer, 0, &result), nullptr);
  return result;
}

napi_value Operations(napi_env env, napi_callback_info) {
  TF_Buffer *list = TF_GetAllOpList();
  napi_value result = nullptr;
  napi_create_buffer_copy(env, list->length, list->data, nullptr, &result);
  TF_DeleteBuffer(list);
  return result;
}

napi_value InitWithFunctions(napi_env env, napi_value exports) {
  if (InitTFNodeJSBinding(env, exports) == nullptr) return nullptr;
  RegisterLossOperations();
  const auto method = [](const char *name, napi_callback body) {
    return napi_property_descriptor{name, nullptr, body, nullptr, nullptr, nullptr, napi_default, nullptr};
  };
  const napi_property_descriptor methods[] = {
      method("addFunction", AddFunction),
      method("removeFunction", RemoveFunction),
      method("callFunction", CallFunction),
      method("operations", Operations),
  };
  ENSURE_NAPI_OK_RETVAL(env, napi_define_properties(env, exports, 4, methods), nullptr);
  return exports;
}

}  // namespace

NAPI_MODULE_INIT() { return InitWithFunctions(env, exports); }

}  // namespace tfnodejs
