#include "engine/participants/secrets.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace skald {

namespace {

Error refusal(std::string why) { return {ErrorCode::invalid_argument, std::move(why), "", {}}; }

Result<std::string> from_environment(const std::string& variable) {
  const char* const value = std::getenv(variable.c_str());
  if (value == nullptr) return refusal("the environment variable " + variable + " is not set");
  return std::string(value);
}

Result<std::string> from_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return refusal("the file " + path +
                   " cannot be opened: " + std::generic_category().message(errno));
  // One byte more than allowed shows that there is more, and a line end may follow the value.
  std::string value(secret_bytes_max + 3, '\0');
  in.read(value.data(), static_cast<std::streamsize>(value.size()));
  if (in.bad()) return refusal("the file " + path + " cannot be read; is it a directory?");
  value.resize(static_cast<std::size_t>(in.gcount()));
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  return value;
}

/// The value that "env:VARIABLE" or "file:PATH" stands for.
Result<std::string> value_from(std::string_view source) {
  constexpr std::string_view env = "env:";
  constexpr std::string_view file = "file:";
  if (source.size() > env.size() && source.starts_with(env))
    return from_environment(std::string(source.substr(env.size())));
  if (source.size() > file.size() && source.starts_with(file))
    return from_file(std::string(source.substr(file.size())));
  return refusal(
      "after '=' comes env:VARIABLE or file:PATH; the value itself is never written here, where "
      "every user of this machine could read it");
}

}  // namespace

bool Secrets::add(std::string name, std::string value) {
  return values_.emplace(std::move(name), std::move(value)).second;
}

const std::string* Secrets::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

bool is_secret_value(std::string_view value) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  };
  return !value.empty() && value.size() <= secret_bytes_max &&
         std::none_of(value.begin(), value.end(), is_control);
}

Result<Secrets> load_secrets(const std::vector<std::string>& texts) {
  Secrets secrets;
  Error error{ErrorCode::invalid_argument,
              "The secrets cannot be used.",
              "Write NAME=env:VARIABLE or NAME=file:PATH.",
              {}};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& text = texts[i];
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == text.npos || !is_secret_name(name)) {
      error.findings.push_back({"secret " + std::to_string(i + 1),
                                "before '=' comes a name of 1 to 64 letters, digits, '_' or '-'",
                                "SECRET_NAME"});
      continue;
    }
    auto value = value_from(std::string_view(text).substr(equals + 1));
    if (!value) {
      error.findings.push_back({name, value.error().message, "SECRET_SOURCE"});
    } else if (!is_secret_value(*value)) {
      error.findings.push_back({name,
                                "the value must have 1 to " + std::to_string(secret_bytes_max) +
                                    " bytes on one line, without control characters",
                                "SECRET_VALUE"});
    } else if (!secrets.add(name, std::move(*value))) {
      error.findings.push_back({name, "this name is given twice", "SECRET_NAME"});
    }
  }
  if (error.findings.empty()) return secrets;
  return error;
}

}  // namespace skald
