#include "http/cli/program.hpp"
#include "sagas/money_transfer.hpp"
#include "sagas/order_fulfilment.hpp"

int main(int argc, char** argv) {
  return skald::cli::run(argc, argv,
                         {skald::sagas::money_transfer(), skald::sagas::order_fulfilment()});
}
