#include "dispatch/working_space.h"

namespace adjoint {

int64_t working_space = 0;

}  // namespace adjoint
