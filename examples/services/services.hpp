#pragma once

#include <array>

#include "examples/services/service/service.hpp"

/// The five services: each function makes the tables and the routes of one.
namespace skald::services {

void define_accounts(Service& service);
void define_payments(Service& service);
void define_inventory(Service& service);
void define_shipping(Service& service);
void define_notifications(Service& service);

struct NamedService {
  const char* name;
  void (*define)(Service&);
};

/// In the order of their ports under `skald-services all`.
inline constexpr std::array catalog{
    NamedService{"accounts", define_accounts},           NamedService{"payments", define_payments},
    NamedService{"inventory", define_inventory},         NamedService{"shipping", define_shipping},
    NamedService{"notifications", define_notifications},
};

}  // namespace skald::services
