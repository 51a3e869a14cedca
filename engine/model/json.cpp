#include "engine/model/json.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace skald {

struct Json::Node {
  std::string text;
  mutable nlohmann::json tree;
  mutable std::atomic<bool> has_tree{false};
  mutable std::once_flag parsed;  ///< costs a system call, so only for trees that are made later

  void set_tree(nlohmann::json value) const {
    tree = std::move(value);
    has_tree.store(true, std::memory_order_release);
  }
};

namespace {

Error bad_json(std::string_view text, std::size_t offset, std::string_view why) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    column = text[i] == '\n' ? 1 : column + 1;
    line += text[i] == '\n' ? 1 : 0;
  }
  const std::string where = std::to_string(line) + ":" + std::to_string(column);
  return {ErrorCode::invalid_argument,
          "The text is not acceptable JSON.",
          {},
          {{where, std::string(why), "JSON"}}};
}

/// Builds the tree while it refuses what nlohmann's own parser lets pass: depth and duplicate keys.
class Builder : public nlohmann::detail::json_sax_dom_parser<nlohmann::json> {
  using Base = nlohmann::detail::json_sax_dom_parser<nlohmann::json>;

 public:
  Builder(nlohmann::json& tree, std::size_t depth_max) : Base(tree, false), depth_max_(depth_max) {}

  bool start_object(std::size_t size) {
    keys_.emplace_back();
    return deeper() && Base::start_object(size);
  }
  bool end_object() {
    keys_.pop_back();
    --depth_;
    return Base::end_object();
  }
  bool start_array(std::size_t size) { return deeper() && Base::start_array(size); }
  bool end_array() {
    --depth_;
    return Base::end_array();
  }
  bool key(std::string& name) {
    if (!keys_.back().insert(name).second) return stop("the key '" + name + "' appears twice");
    return Base::key(name);
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) {
    offset = position == 0 ? 0 : position - 1;
    const std::string_view what = e.what();
    const auto detail = what.find(": ");
    return stop(std::string(detail == what.npos ? what : what.substr(detail + 2)));
  }

  std::string why;
  std::size_t offset = std::string::npos;

 private:
  bool deeper() {
    if (++depth_ <= depth_max_) return true;
    return stop("nested deeper than " + std::to_string(depth_max_) + " levels");
  }
  bool stop(std::string reason) {
    if (why.empty()) why = std::move(reason);
    return false;
  }

  std::size_t depth_max_;
  std::size_t depth_ = 0;
  std::vector<std::set<std::string>> keys_;
};

/// nlohmann reports no position for what Builder itself refuses; count what its iterator has read.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  std::size_t* read;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    ++at;
    ++*read;
    return *this;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at == b.at;
  }
};

/// Where the token begins that ends before `end`: a bracket, or a key with its quotes.
std::size_t token_before(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  if (text[at] != '"') return at;
  const auto escaped = [&](std::size_t quote) {
    std::size_t slashes = 0;
    while (slashes < quote && text[quote - slashes - 1] == '\\') ++slashes;
    return slashes % 2 == 1;
  };
  do --at;
  while (text[at] != '"' || escaped(at));
  return at;
}

/// Length of the UTF-8 sequence `text` begins with (RFC 3629 §4), or 0 if it is not valid.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool beyond = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

void append_escaped(std::string& out, char c) {
  static constexpr std::string_view named = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  static constexpr char hex[] = "0123456789abcdef";
  out += '\\';
  if (const auto at = named.find(c); at != named.npos) {
    out += letters[at];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += hex[byte >> 4];
  out += hex[byte & 15];
}

/// Whether `c` stands for itself in a JSON string, and is ASCII.
constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) - 0x20U < 0x60U && c != '"' && c != '\\';
}

/// Appends `text` as a JSON string; false when something in it was not UTF-8 and became U+FFFD.
bool append_string(std::string& out, std::string_view text) {
  bool valid = true;
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = utf8_length(text);
    if (length == 0)
      out += "\xEF\xBF\xBD";  // U+FFFD
    else if (length == 1)
      append_escaped(out, text.front());
    else
      out += text.substr(0, length);
    valid = valid && length > 0;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out += '"';
  return valid;
}

bool append_value(std::string& out, const nlohmann::json& value);

bool append_object(std::string& out, const nlohmann::json& object) {
  bool valid = true;
  char before = '{';
  for (auto member = object.begin(); member != object.end(); ++member) {
    out += std::exchange(before, ',');
    valid = append_string(out, member.key()) && valid;
    out += ':';
    valid = append_value(out, member.value()) && valid;
  }
  out += object.empty() ? "{}" : "}";
  return valid;
}

bool append_array(std::string& out, const nlohmann::json& array) {
  bool valid = true;
  char before = '[';
  for (const auto& item : array) {
    out += std::exchange(before, ',');
    valid = append_value(out, item) && valid;
  }
  out += array.empty() ? "[]" : "]";
  return valid;
}

/// Appends what dump() gives, in a third of the instructions; false when a text is not UTF-8.
bool append_value(std::string& out, const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::object:
      return append_object(out, value);
    case nlohmann::json::value_t::array:
      return append_array(out, value);
    case nlohmann::json::value_t::string:
      return append_string(out, value.get_ref<const std::string&>());
    case nlohmann::json::value_t::number_integer:
      out += std::to_string(value.get<std::int64_t>());
      return true;
    case nlohmann::json::value_t::number_unsigned:
      out += std::to_string(value.get<std::uint64_t>());
      return true;
    default:
      out += value.dump();
      return true;
  }
}

/// Throws what dump() throws when a text is not UTF-8.
std::string text_of(const nlohmann::json& value) {
  std::string text;
  if (append_value(text, value)) return text;
  return value.dump();
}

}  // namespace

Json::Json(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

Json::Json(nlohmann::json value) {
  if (value.is_null()) return;
  auto node = std::make_shared<Node>();
  node->text = text_of(value);
  node->set_tree(std::move(value));
  node_ = std::move(node);
}

Result<Json> Json::parse(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.size)
    return bad_json(text, 0, "larger than " + std::to_string(limits.size) + " bytes");
  auto node = std::make_shared<Node>();
  std::size_t read = 0;
  Builder builder(node->tree, limits.depth);
  const CountingIterator begin{text.data(), &read};
  const CountingIterator end{text.data() + text.size(), &read};
  if (!nlohmann::json::sax_parse(begin, end, &builder)) {
    const bool by_parser = builder.offset != std::string::npos;
    return bad_json(text, by_parser ? builder.offset : token_before(text, read), builder.why);
  }
  if (node->tree.is_null()) return Json();
  node->text = text_of(node->tree);
  node->has_tree = true;
  return Json(std::shared_ptr<const Node>(std::move(node)));
}

Json Json::from_stored(std::string text) {
  if (text == "null") return {};
  auto node = std::make_shared<Node>();
  node->text = std::move(text);
  return Json(std::shared_ptr<const Node>(std::move(node)));
}

const nlohmann::json& Json::value() const {
  static const nlohmann::json null;
  if (!node_) return null;
  if (!node_->has_tree.load(std::memory_order_acquire))
    std::call_once(node_->parsed, [this] { node_->set_tree(nlohmann::json::parse(node_->text)); });
  return node_->tree;
}

const std::string& Json::text() const {
  static const std::string null = "null";
  return node_ ? node_->text : null;
}

void append_json_string(std::string& out, std::string_view text) {
  static_cast<void>(append_string(out, text));
}

std::string escape_pointer(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

}  // namespace skald
