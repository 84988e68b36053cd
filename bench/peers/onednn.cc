// oneDNN's matrix products and convolutions: "gemm float32 NT batch m n k" and
// "conv forward|data|weights N C H O kernel stride padding groups"; "winograd …" computes them so. Convolutions are given plain NCHW tensors and give
// such: what oneDNN blocks inside is reordered on the way in and out, and counted. OMP_NUM_THREADS: how many threads.
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "serve.h"

namespace {

using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

dnnl::engine engine(dnnl::engine::kind::cpu, 0);
dnnl::stream stream(engine);

void fill(memory& target) {
  if (target.get_desc().data_type() == Type::bf16) {
    auto* bits = static_cast<uint16_t*>(target.get_data_handle());
    for (size_t i = 0; i < target.get_desc().get_size() / 2; i++) bits[i] = i % 2 ? 0x3e80 : 0xbe00;  // ¼ and −⅛
    return;
  }
  const size_t count = target.get_desc().get_size() / sizeof(float);
  std::copy_n(bench::numbers<float>(count).get(), count, static_cast<float*>(target.get_data_handle()));
}

memory filled(const memory::desc& desc) {
  memory result(desc, engine);
  fill(result);
  return result;
}

// A primitive's operands, each in the layout that it likes best, beside the caller's plain ones.
class Call {
 public:
  explicit Call(dnnl::primitive primitive) : primitive_(std::move(primitive)) {}

  void input(int argument, const memory& plain, const memory::desc& wanted) {
    const memory own = place(argument, plain, wanted);
    if (own != plain) in_.push_back({dnnl::reorder(plain, own), plain, own});
  }

  void output(int argument, const memory& plain, const memory::desc& wanted) {
    const memory own = place(argument, plain, wanted);
    if (own != plain) out_.push_back({dnnl::reorder(own, plain), own, plain});
  }

  void operator()() {
    for (auto& [reorder, from, to] : in_) reorder.execute(stream, from, to);
    primitive_.execute(stream, arguments_);
    for (auto& [reorder, from, to] : out_) reorder.execute(stream, from, to);
    stream.wait();
  }

 private:
  struct Reorder {
    dnnl::reorder reorder;
    memory from, to;
  };

  // The operand itself where its layout is the wanted one, else memory of that layout.
  memory place(int argument, const memory& plain, const memory::desc& wanted) {
    const memory own = plain.get_desc() == wanted ? plain : memory(wanted, engine);
    arguments_.emplace(argument, own);
    return own;
  }

  dnnl::primitive primitive_;
  std::unordered_map<int, memory> arguments_;
  std::vector<Reorder> in_, out_;
};

bench::Work shared(Call call) {
  return [call = std::make_shared<Call>(std::move(call))] { (*call)(); };
}

bench::Work product(std::istream& in) {
  std::string dtype, transposed;
  int batch, m, n, k;
  in >> dtype >> transposed >> batch >> m >> n >> k;
  const char ta = transposed[0], tb = transposed[1];
  if (dtype == "float32" && batch == 1) {
    const auto a = bench::numbers<float>(static_cast<size_t>(m) * k);
    const auto b = bench::numbers<float>(static_cast<size_t>(k) * n);
    const auto c = bench::numbers<float>(static_cast<size_t>(m) * n);
    const int lda = ta == 'T' ? m : k, ldb = tb == 'T' ? k : n;
    return [=] { dnnl_sgemm(ta, tb, m, n, k, 1, a.get(), lda, b.get(), ldb, 0, c.get(), n); };
  }
  if (dtype != "float32" && dtype != "bfloat16") throw std::runtime_error("no " + dtype);
  const Type type = dtype == "float32" ? Type::f32 : Type::bf16;
  const memory::desc a({batch, m, k}, type, ta == 'T' ? Tag::acb : Tag::abc);
  const memory::desc b({batch, k, n}, type, tb == 'T' ? Tag::acb : Tag::abc), c({batch, m, n}, type, Tag::abc);
  Call call{dnnl::matmul({{a, b, c}, engine})};
  call.input(DNNL_ARG_SRC, filled(a), a);
  call.input(DNNL_ARG_WEIGHTS, filled(b), b);
  call.output(DNNL_ARG_DST, filled(c), c);
  return shared(std::move(call));
}

bench::Work convolution(std::istream& in, dnnl::algorithm algorithm) {
  std::string direction;
  int n, c, h, o, kernel, stride, padding, groups;
  in >> direction >> n >> c >> h >> o >> kernel >> stride >> padding >> groups;
  const int oh = (h + 2 * padding - kernel) / stride + 1;
  const memory::dims x_dims{n, c, h, h}, y_dims{n, o, oh, oh}, steps{stride, stride}, pads{padding, padding};
  const memory::dims w_dims =
      groups > 1 ? memory::dims{groups, o / groups, c / groups, kernel, kernel} : memory::dims{o, c, kernel, kernel};
  const memory::desc x(x_dims, Type::f32, Tag::any), w(w_dims, Type::f32, Tag::any), y(y_dims, Type::f32, Tag::any);
  const memory::desc b({o}, Type::f32, Tag::x);
  const dnnl::convolution_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_training, algorithm, x, w, b, y, steps, pads, pads}, engine);

  memory plain_x = filled({x_dims, Type::f32, Tag::nchw}), plain_y = filled({y_dims, Type::f32, Tag::nchw});
  memory plain_w = filled({w_dims, Type::f32, groups > 1 ? Tag::goihw : Tag::oihw}), plain_b = filled(b);
  if (direction == "forward") {
    Call call{dnnl::convolution_forward(forward)};
    call.input(DNNL_ARG_SRC, plain_x, forward.src_desc());
    call.input(DNNL_ARG_WEIGHTS, plain_w, forward.weights_desc());
    call.input(DNNL_ARG_BIAS, plain_b, b);
    call.output(DNNL_ARG_DST, plain_y, forward.dst_desc());
    return shared(std::move(call));
  }
  if (direction == "data") {
    const dnnl::convolution_backward_data::primitive_desc data({algorithm, x, w, y, steps, pads, pads}, engine,
                                                               forward);
    Call call{dnnl::convolution_backward_data(data)};
    call.input(DNNL_ARG_DIFF_DST, plain_y, data.diff_dst_desc());
    call.input(DNNL_ARG_WEIGHTS, plain_w, data.weights_desc());
    call.output(DNNL_ARG_DIFF_SRC, plain_x, data.diff_src_desc());
    return shared(std::move(call));
  }
  const dnnl::convolution_backward_weights::primitive_desc weights({algorithm, x, w, b, y, steps, pads, pads}, engine,
                                                                   forward);
  Call call{dnnl::convolution_backward_weights(weights)};
  call.input(DNNL_ARG_SRC, plain_x, weights.src_desc());
  call.input(DNNL_ARG_DIFF_DST, plain_y, weights.diff_dst_desc());
  call.output(DNNL_ARG_DIFF_WEIGHTS, plain_w, weights.diff_weights_desc());
  call.output(DNNL_ARG_DIFF_BIAS, plain_b, b);
  return shared(std::move(call));
}

}  // namespace

int main() {
  const dnnl_version_t* version = dnnl_version();
  std::ostringstream about;
  about << "oneDNN " << version->major << "." << version->minor << "." << version->patch;
  return bench::serve(about.str(), [](std::istream& in) -> bench::Work {
    std::string op;
    in >> op;
    if (op == "gemm") return product(in);
    if (op == "conv") return convolution(in, dnnl::algorithm::convolution_direct);
    if (op == "winograd") return convolution(in, dnnl::algorithm::convolution_winograd);
    throw std::runtime_error("only matrix products and convolutions");
  });
}
