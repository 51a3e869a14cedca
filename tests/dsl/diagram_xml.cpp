#include "tests/dsl/diagram_xml.hpp"

#include <algorithm>
#include <stdexcept>

namespace skald::test {

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == ':';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<XmlPart> run() {
    while (at_ < text_.size())
      if (text_[at_] == '<')
        tag();
      else
        words();
    if (!open_.empty()) fail("<" + open_.back() + "> is not closed");
    if (roots_ != 1) fail("there is not exactly one root");
    return std::move(parts_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error(why + " at " + std::to_string(at_));
  }
  char next() {
    if (at_ == text_.size()) fail("ends early");
    return text_[at_++];
  }
  bool take(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }
  void spaces() {
    while (take(" ") || take("\n")) {
    }
  }

  std::string name() {
    std::string made;
    while (at_ < text_.size() && is_name(text_[at_])) made += next();
    if (made.empty()) fail("a name is missing");
    return made;
  }

  void tag() {
    if (take("</")) {
      if (open_.empty() || open_.back() != name()) fail("closes what is not open");
      open_.pop_back();
      if (!take(">")) fail("'>' is missing");
      return;
    }
    take("<");
    XmlPart part{name(), {}, {}};
    if (open_.empty()) ++roots_;
    for (spaces(); !take(">"); spaces()) {
      if (take("/>")) return parts_.push_back(std::move(part));
      attribute(part);
    }
    open_.push_back(part.name);
    parts_.push_back(std::move(part));
  }

  void attribute(XmlPart& part) {
    const std::string key = name();
    if (!take("=\"")) fail("a value is missing");
    if (!part.attribute(key).empty()) fail("'" + key + "' stands twice");
    std::string value;
    while (!take("\"")) value += character();
    part.attributes.emplace_back(key, std::move(value));
  }

  void words() {
    XmlPart part;
    while (at_ < text_.size() && text_[at_] != '<') part.text += character();
    const bool blank = part.text.find_first_not_of(" \n") == part.text.npos;
    if (!blank && open_.empty()) fail("text outside of the root");
    if (!blank) parts_.push_back(std::move(part));
  }

  std::string character() {
    const char c = next();
    if (c == '<' || (static_cast<unsigned char>(c) < 0x20 && c != '\n')) fail("a wrong character");
    if (c != '&') return {c};
    for (const auto& [entity, meaning] :
         {std::pair{"amp;", "&"}, {"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"#39;", "'"}})
      if (take(entity)) return meaning;
    fail("an unknown entity");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t roots_ = 0;
  std::vector<std::string> open_;
  std::vector<XmlPart> parts_;
};

}  // namespace

std::string XmlPart::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes)
    if (key == wanted) return value;
  return {};
}

XmlDocument::XmlDocument(std::string_view text) {
  try {
    parts = Reader(text).run();
  } catch (const std::exception& e) {
    problem = e.what();
  }
}

}  // namespace skald::test
