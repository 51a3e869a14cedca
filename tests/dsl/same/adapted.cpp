#include <boost/sml.hpp>
#include <deque>
#include <queue>
#include <string>
#include <vector>

#include "dsl/sml/boost_sml.hpp"
#include "dsl/sml/sm.hpp"
#include "tests/dsl/same/events.hpp"

namespace sml = boost::sml;

#include "tests/dsl/same/tables.hpp"  // after `sml`, which it is written in

namespace skald::test::same {

namespace {

/// The genuine table run by our machine, and asked in the words of SML.
template <class T>
class Adapted {
 public:
  Adapted(T& table, Log& log, Counter& counter)
      : machine_(skald::sml::genuine<T>(table), log, counter) {}

  template <class E>
  bool process_event(const E& event) {
    return machine_.process_event(event);
  }
  template <class... S>
  [[nodiscard]] bool is(const S&...) const {
    return machine_.is(ours<typename S::type>()...);
  }
  template <class Of, class... S>
  requires(!std::is_same_v<typename Of::type, void>) [[nodiscard]] bool is(const S&...) const {
    using Outer = decltype(ours<typename std::remove_cvref_t<Of>::type>());
    return machine_.template is<Outer>(ours<typename S::type>()...);
  }

 private:
  template <class S>
  struct composite_of {
    using type = void;
  };
  template <class C, class... Policies>
  struct composite_of<boost::sml::back::sm<boost::sml::back::sm_policy<C, Policies...>>> {
    using type = C;
  };
  template <class S>
  static auto ours() {
    return skald::sml::state_of<typename composite_of<S>::type>(
        skald::sml::theirs::state_as_ours<S>::spec());
  }

  skald::sml::sm<skald::sml::genuine<T>> machine_;
};

}  // namespace

std::vector<SameTable> adapted_tables() { return all_tables<Adapted>(); }

}  // namespace skald::test::same
