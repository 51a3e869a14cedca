#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "engine/model/definition.hpp"
#include "engine/model/effect.hpp"

namespace skald::testing {

/// What becomes of one attempt: at the participant, on the way there and on the way back.
struct Fate {
  enum class Kind {
    done,         ///< it takes effect, and the saga is told
    refused,      ///< a business refusal
    defect,       ///< refused by what stands before the participant, which tells nothing about it
    lost,         ///< it takes effect, but the reply is lost: unknown
    unheard,      ///< the request is held up and arrives when all is over: unknown
    unreachable,  ///< it certainly never reached the participant: unknown
    working,      ///< accepted and still at work; takes effect
    twice,        ///< request and reply come twice
    late,         ///< it takes effect, but the reply comes only after the next attempt
    slow,         ///< done, and the reply comes just before the attempt's timeout
  };
  Kind kind = Kind::done;
  Json output{};                          ///< of done, twice, late and slow, when `answered`
  bool answered = false;                  ///< `output` is meant; else the participant makes one
  std::string outcome{};                  ///< named outcome of a done one
  std::string code = "refused";           ///< of a refused one
  Json details{};                         ///< of a refused one
  std::optional<Duration> retry_after{};  ///< of unknown ones and `working`
};
[[nodiscard]] std::string_view name_of(Fate::Kind kind);

/// One attempt, as a script sees it.
struct Attempt {
  const Step& step;
  const Call& call;
  std::uint32_t number = 1;  ///< among all attempts of this step and phase in the saga, from 1
};

/// Decides the fate of every attempt. Must give the same for the same attempts in the same order.
using Script = std::function<Fate(const Attempt&)>;

}  // namespace skald::testing
