// error: skald: a value is made by a function of (const SagaView&)
#include "dsl/sml/sml.hpp"

using namespace skald::sml;

const auto price = operation("price").body([](int) { return 1; });
