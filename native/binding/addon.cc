// The addon's exports. Arguments in, a kernel called; no arithmetic and no shape rule here.
#include <napi.h>

#include <iterator>

#include "binding/atomics.h"
#include "binding/pages.h"
#include "binding/program.h"
#include "dispatch/dispatch.h"
#include "dispatch/working_space.h"
#include "threads/count.h"
#include "threads/parallel.h"

namespace {

using adjoint::Call;
using adjoint::View;

const char* const kNames[] = {
#define KERNEL(name) #name,
#include "kernels.inc"
#undef KERNEL
};
// How many operands of one dtype a function has, 0 if they have several, and which dtypes.
struct Function {
  const char* name;
  int sources;
  const char* types;
};
const Function kFunctions[] = {
#define ELEMENTWISE(name) {#name, 0, ""},
#define UNARY(name, types, expression) {#name, 1, #types},
#define PERIODIC(name) {#name, 1, "Curves"},
#define BINARY(name, types, expression) {#name, 2, #types},
#define GRADIENT(name, types, expression) {#name, 2, #types},
#define TERNARY(name, types, expression) {#name, 3, #types},
#define COMPARISON(name, operation) {#name, 2, "Ordered"},
#include "elementwise.inc"
};
constexpr int kKernelCount = sizeof kNames / sizeof *kNames;

// Room for the longest record: a header, every view's geometry, the numbers.
constexpr size_t kRecordSize = 3 + adjoint::kMaxViews * (5 + 2 * adjoint::kMaxRank) + adjoint::kMaxNumbers;

// What belongs to one environment: Node loads the addon into the main thread and into every worker thread.
struct Instance {
  const adjoint::Kernel* kernels;
  double* record;
  Napi::Reference<Napi::Float64Array> record_reference;
};

napi_value fail(napi_env env, const char* message) {
  napi_throw_range_error(env, "ADJOINT_BAD_CALL", message);
  return nullptr;
}

// Whether every element of the view lies within a storage of that many bytes.
bool fits(const View& view, int64_t offset, int64_t bytes) {
  int64_t low = offset, high = offset;
  bool none = false;
  for (int i = 0; i < view.rank; i++) {
    if (view.shape[i] < 0) return false;
    if (view.shape[i] == 0) none = true;
    int64_t reach;
    if (__builtin_mul_overflow(view.shape[i] - 1, view.strides[i], &reach)) return false;
    int64_t& end = reach < 0 ? low : high;
    if (__builtin_add_overflow(end, reach, &end)) return false;
  }
  return none || (low >= 0 && high < bytes / adjoint::kElementSize[static_cast<int>(view.dtype)]);
}

// run(): the call is in the record, and what its kernel found comes back in it. The C interface and no arguments, because
// this is every op's cost: 10 ns; with a typed array for each of three views it was 150.
napi_value run(napi_env env, napi_callback_info info) {
  void* data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  const Instance* instance = static_cast<Instance*>(data);

  Call call;
  const double* at = instance->record;
  const int kernel = static_cast<int>(*at++);
  call.view_count = static_cast<int>(*at++);
  call.number_count = static_cast<int>(*at++);
  if (kernel < 0 || kernel >= kKernelCount) return fail(env, "run: no such kernel");
  if (call.view_count < 0 || call.view_count > adjoint::kMaxViews || call.number_count < 0 ||
      call.number_count > adjoint::kMaxNumbers) {
    return fail(env, "run: the record has too many views or numbers");
  }
  for (int v = 0; v < call.view_count; v++) {
    View& view = call.views[v];
    char* base = reinterpret_cast<char*>(static_cast<uintptr_t>(*at++));
    const int64_t bytes = static_cast<int64_t>(*at++);
    view.rank = static_cast<int>(*at++);
    const int dtype = static_cast<int>(*at++);
    const int64_t offset = static_cast<int64_t>(*at++);
    if (view.rank < 0 || view.rank > adjoint::kMaxRank || dtype < 0 || dtype > 5) return fail(env, "run: a view is malformed");
    view.dtype = static_cast<adjoint::DType>(dtype);
    for (int i = 0; i < view.rank; i++) view.shape[i] = static_cast<int64_t>(*at++);
    for (int i = 0; i < view.rank; i++) view.strides[i] = static_cast<int64_t>(*at++);
    if (!fits(view, offset, bytes)) return fail(env, "run: a view reaches outside its storage");
    view.data = base + offset * adjoint::kElementSize[dtype];
  }
  for (int i = 0; i < call.number_count; i++) call.numbers[i] = *at++;

  [[maybe_unused]] const adjoint::OrderedRun ordered;
  instance->kernels[kernel](call);
  instance->record[0] = static_cast<double>(call.found);
  return nullptr;
}

// program = compile(stream, changes)
napi_value compile(napi_env env, napi_callback_info info) {
  napi_value arguments[2], buffer;
  size_t count = 2, length = 0, changes_length = 0;
  void *stream = nullptr, *changes = nullptr;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  napi_get_typedarray_info(env, arguments[0], nullptr, &length, &stream, nullptr, nullptr);
  napi_get_typedarray_info(env, arguments[1], nullptr, &changes_length, &changes, &buffer, nullptr);
  auto* program = new adjoint::Program;
  const char* wrong =
      program->read(static_cast<double*>(stream), length, static_cast<double*>(changes), changes_length, kKernelCount);
  napi_value result;
  if (wrong != nullptr ||
      napi_create_external(
          env, program, [](napi_env, void* data, void*) { delete static_cast<adjoint::Program*>(data); }, nullptr,
          &result) != napi_ok) {
    delete program;
    return fail(env, wrong != nullptr ? wrong : "compile: no handle");
  }
  return result;
}

struct Start {
  Instance* instance;
  adjoint::Program* program;  // null after throwing
  double* times;              // null where nobody asked
};

// Takes over what changed for replay(program, times?).
Start begin_replay(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2;
  void *data, *program = nullptr;
  napi_get_cb_info(env, info, &count, arguments, nullptr, &data);
  Start start{static_cast<Instance*>(data), nullptr, nullptr};
  if (napi_get_value_external(env, arguments[0], &program) != napi_ok) {
    fail(env, "replay: no program");
    return start;
  }
  const auto checked = static_cast<adjoint::Program*>(program);
  napi_valuetype given = napi_undefined;
  napi_typeof(env, arguments[1], &given);
  if (given != napi_undefined) {
    napi_typedarray_type type = napi_int8_array;
    size_t length = 0;
    void* times = nullptr;
    napi_get_typedarray_info(env, arguments[1], &type, &length, &times, nullptr, nullptr);
    if (type != napi_float64_array || length < 2 * static_cast<size_t>(checked->call_count())) {
      fail(env, "replay: times must have two float64 for every call");
      return start;
    }
    start.times = static_cast<double*>(times);
  }
  if (const char* wrong = checked->refresh()) fail(env, wrong);
  else start.program = checked;
  return start;
}

// call = replay(program, times?); the position that its check found is in the record.
napi_value replay(napi_env env, napi_callback_info info) {
  const auto [instance, program, times] = begin_replay(env, info);
  if (!program) return nullptr;
  const adjoint::Outcome outcome = program->run(instance->kernels, times);
  instance->record[0] = static_cast<double>(outcome.position);
  napi_value result;
  napi_create_int32(env, outcome.call, &result);
  return result;
}

// A run on libuv's pool. JavaScript holds the program and the slots' memory until the promise is settled; an environment that
// ends waits for its work.
class AsyncReplay : public Napi::AsyncWorker {
 public:
  AsyncReplay(Napi::Env env, const Start& start)
      : Napi::AsyncWorker(env),
        deferred_(env),
        program_(start.program),
        kernels_(start.instance->kernels),
        times_(start.times) {}
  napi_value promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { outcome_ = program_->run(kernels_, times_); }
  void OnOK() override {
    Napi::Array result = Napi::Array::New(Env(), 2);
    result[0u] = Napi::Number::New(Env(), outcome_.call);
    result[1u] = Napi::Number::New(Env(), static_cast<double>(outcome_.position));
    deferred_.Resolve(result);
  }

 private:
  Napi::Promise::Deferred deferred_;
  adjoint::Program* program_;
  const adjoint::Kernel* kernels_;
  double* times_;
  adjoint::Outcome outcome_;
};

napi_value replay_async(napi_env env, napi_callback_info info) {
  const Start start = begin_replay(env, info);
  if (!start.program) return nullptr;
  auto* worker = new AsyncReplay(env, start);
  worker->Queue();
  return worker->promise();
}

// Where an array buffer or a typed array lies. A shared buffer's address is only to be had through a typed array over it: to
// Node-API 8 it is no array buffer. Asking for a typed array's buffer moves a small one off the JavaScript heap for good.
napi_value address_of(napi_env env, napi_callback_info info) {
  napi_value memory, buffer, address;
  size_t count = 1;
  void* data = nullptr;
  size_t bytes = 0;
  napi_get_cb_info(env, info, &count, &memory, nullptr, nullptr);
  if (napi_get_arraybuffer_info(env, memory, &data, &bytes) == napi_ok) {
    adjoint::use_large_pages(data, bytes);
  } else {
    napi_get_typedarray_info(env, memory, nullptr, nullptr, &data, &buffer, nullptr);
  }
  napi_create_double(env, static_cast<double>(reinterpret_cast<uintptr_t>(data)), &address);
  return address;
}

// Bytes that kernels keep from call to call.
Napi::Value working_space(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(__atomic_load_n(&adjoint::working_space, __ATOMIC_RELAXED)));
}

Napi::Value cpu_quota(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), adjoint::cpu_quota(info[0].As<Napi::String>()));
}

Napi::Value threads(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), adjoint::thread_count()); }

// Switches to another instruction set that this machine has; false if it has none of that name.
Napi::Value set_isa(const Napi::CallbackInfo& info) {
  const std::string wanted = info[0].As<Napi::String>();
  adjoint::Isa isas[adjoint::kMaxIsas];
  const int count = adjoint::supported_isas(isas);
  for (int i = 0; i < count; i++) {
    if (isas[i].name != wanted) continue;
    info.Env().GetInstanceData<Instance>()->kernels = isas[i].kernels;
    return Napi::Boolean::New(info.Env(), true);
  }
  return Napi::Boolean::New(info.Env(), false);
}

void set_threads(const Napi::CallbackInfo& info) { adjoint::set_thread_count(info[0].As<Napi::Number>().Int32Value()); }

Napi::Object init(Napi::Env env, Napi::Object exports) {
  adjoint::keep_freed_pages();
  adjoint::Isa isas[adjoint::kMaxIsas];
  const int isa_count = adjoint::supported_isas(isas);
  Napi::Array isa_names = Napi::Array::New(env, isa_count);
  for (int i = 0; i < isa_count; i++) isa_names[i] = isas[i].name;

  Napi::Float64Array record = Napi::Float64Array::New(env, kRecordSize);
  Instance* instance = new Instance{isas[isa_count - 1].kernels, record.Data(), Napi::Persistent(record)};
  env.SetInstanceData(instance);  // owns it: deleted with the environment

  Napi::Array names = Napi::Array::New(env, kKernelCount);
  for (int i = 0; i < kKernelCount; i++) names[i] = kNames[i];

  const auto set_function = [&](const char* name, napi_callback callback) {
    napi_value function;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, instance, &function);
    exports.Set(name, Napi::Value(env, function));
  };
  set_function("run", run);
  set_function("addressOf", address_of);
  set_function("compile", compile);
  set_function("replay", replay);
  set_function("replayAsync", replay_async);
  exports.Set("kernels", names);
  Napi::Array functions = Napi::Array::New(env, std::size(kFunctions));
  for (uint32_t i = 0; i < std::size(kFunctions); i++) {
    Napi::Object function = Napi::Object::New(env);
    function.Set("name", kFunctions[i].name);
    function.Set("sources", kFunctions[i].sources);
    function.Set("types", kFunctions[i].types);
    functions[i] = function;
  }
  exports.Set("elementwise", functions);
  exports.Set("record", record);
  exports.Set("isas", isa_names);
  exports.Set("workingSpace", Napi::Function::New(env, working_space));
  exports.Set("cpuQuota", Napi::Function::New(env, cpu_quota));
  exports.Set("threads", Napi::Function::New(env, threads));
  exports.Set("setIsa", Napi::Function::New(env, set_isa));
  exports.Set("setThreads", Napi::Function::New(env, set_threads));
  return exports;
}

}  // namespace

NODE_API_MODULE(adjoint, init)
