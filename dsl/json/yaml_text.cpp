#include <yaml-cpp/yaml.h>

#include <charconv>
#include <sstream>
#include <unordered_set>

#include "dsl/json/read.hpp"

#include <yaml-cpp/eventhandler.h>

namespace skald::document {

namespace {

struct Stop {
  Spot spot;
  std::string why;
  std::string code;
};

Spot spot_of(const YAML::Mark& mark) {
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// A plain scalar by the core schema (YAML 1.2.2 §10.3.2); what is nothing else is text.
std::optional<Node::Value> plain_value(const std::string& text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return nullptr;
  if (is_one_of(text, {"true", "True", "TRUE"})) return true;
  if (is_one_of(text, {"false", "False", "FALSE"})) return false;
  const auto digits = text.find_first_not_of("+-");
  const bool numeric = digits != text.npos && digits <= 1 &&
                       text.find_first_not_of("0123456789.eE+-", digits) == text.npos &&
                       (text[digits] == '.' || (text[digits] >= '0' && text[digits] <= '9'));
  if (!numeric) return text;
  std::string_view number = text;
  if (number.front() == '+') number.remove_prefix(1);
  if (auto value = read_number(number)) return value;
  // "1.2.3" and "2026-01-01" are text; a number that no double holds is not acceptable.
  const bool whole =
      number.find_first_not_of("0123456789-") == number.npos && number.find('-', 1) == number.npos;
  double read = 0;
  const auto end = number.data() + number.size();
  const auto [at, problem] = std::from_chars(number.data(), end, read);
  const bool too_great = problem == std::errc::result_out_of_range && at == end;
  return whole || too_great ? std::nullopt : std::optional<Node::Value>(text);
}

/// Where a character stands that YAML 1.2.2 §5.1 does not allow. The parser would take some for the
/// end of the text, and a NUL for a sign of UTF-16.
std::optional<Spot> control_character(std::string_view text) {
  Spot spot;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (control && c != '\t' && c != '\n' && c != '\r') return spot;
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++spot.column;
    if (c == '\n') spot = {spot.line + 1, 1};
  }
  return std::nullopt;
}

/// Builds the tree from what the parser reads, and stops it where the document goes too far.
class Builder : public YAML::EventHandler {
 public:
  Builder(const Limits& limits, Report& report) : limits_(limits), report_(report) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  /// Of a value that is left out the parser tells where the next one stands, maybe lines below.
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    YAML::Mark at = mark;
    const Place* key = open_.empty() ? nullptr : open_.back().key;
    if (key != nullptr && key->key.line < spot_of(mark).line) {
      at.line = static_cast<int>(key->key.line) - 1;
      at.column = static_cast<int>(key->key.column) - 1;
    }
    put(at, nullptr);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { no_anchors(mark); }
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { no_anchors(mark); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (anchor != 0) no_anchors(mark);
    const bool plain = tag == "?" || tag.empty();
    if (!plain) no_tags(mark, tag);
    if (plain) {
      auto typed = plain_value(value);
      if (!typed) throw Stop{spot_of(mark), "this number is out of range", "SYNTAX"};
      return put(mark, std::move(*typed));
    }
    put(mark, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::List{});
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Object{});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  Tree tree;

 private:
  struct Open {
    Node node;
    Place* key = nullptr;  ///< of the member whose value comes next
    std::unordered_set<std::string> keys{};
  };

  [[noreturn]] static void no_anchors(const YAML::Mark& mark) {
    throw Stop{spot_of(mark), "anchors and aliases are not accepted; write the value out",
               "YAML_ANCHOR"};
  }
  static void no_tags(const YAML::Mark& mark, const std::string& tag) {
    if (tag == "?" || tag == "!" || tag.empty()) return;
    throw Stop{spot_of(mark), "tags such as '" + shown(tag) + "' are not accepted", "YAML_TAG"};
  }

  /// The place of the value that begins at `mark`, in what is open.
  const Place* place(const YAML::Mark& mark) {
    const Spot spot = spot_of(mark);
    if (++values_ > limits_.values)
      throw Stop{spot, "has more than " + std::to_string(limits_.values) + " values", "TOO_LARGE"};
    if (open_.empty()) return &tree.places.emplace_back(Place{.value = spot, .key = spot});
    Open& around = open_.back();
    if (around.key != nullptr) {
      around.key->value = spot;
      return around.key;
    }
    const auto index = static_cast<std::uint32_t>(around.node.list()->size());
    return &tree.places.emplace_back(Place{
        .parent = around.node.place, .index = index, .in_list = true, .value = spot, .key = spot});
  }

  bool expects_key() const {
    return !open_.empty() && open_.back().node.object() != nullptr && open_.back().key == nullptr;
  }

  void put(const YAML::Mark& mark, Node::Value value) {
    if (expects_key()) return key(mark, std::move(value));
    const Place* at = place(mark);
    finish({at, std::move(value)});
  }

  void key(const YAML::Mark& mark, Node::Value value) {
    const Spot spot = spot_of(mark);
    auto* name = std::get_if<std::string>(&value);
    if (name == nullptr) throw Stop{spot, "keys are text; put this one in quotes", "YAML_KEY"};
    if (name->size() > limits_.key)
      throw Stop{spot, "this key is longer than " + std::to_string(limits_.key) + " bytes",
                 "TOO_LARGE"};
    Open& around = open_.back();
    around.key = &tree.places.emplace_back(
        Place{.parent = around.node.place, .name = std::move(*name), .value = spot, .key = spot});
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Value empty) {
    if (anchor != 0) no_anchors(mark);
    no_tags(mark, tag);
    if (expects_key()) throw Stop{spot_of(mark), "keys are text, not lists or maps", "YAML_KEY"};
    if (open_.size() >= limits_.depth)
      throw Stop{spot_of(mark),
                 "is nested deeper than " + std::to_string(limits_.depth) + " levels", "TOO_DEEP"};
    const Place* at = place(mark);
    open_.push_back({{at, std::move(empty)}});
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    finish(std::move(node));
  }

  /// Puts a finished value where it belongs.
  void finish(Node node) {
    if (open_.empty()) {
      tree.root = std::move(node);
      return;
    }
    Open& around = open_.back();
    if (auto* list = std::get_if<Node::List>(&around.node.value)) {
      list->push_back(std::move(node));
      return;
    }
    const Place& at = *std::exchange(around.key, nullptr);
    if (!around.keys.insert(at.name).second)
      return report_.add_at_key(at, "the key '" + shown(at.name) + "' appears twice; keep one",
                                "DUPLICATE_KEY");
    std::get<Node::Object>(around.node.value).push_back({at.name, std::move(node)});
  }

  const Limits& limits_;
  Report& report_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Tree> read_yaml(std::string_view text, const Limits& limits, Report& report) {
  static const Place root;
  if (!acceptable_text(text, limits, report)) return std::nullopt;
  if (const auto spot = control_character(text)) {
    report.add_at(root, *spot,
                  "a control character is written as an escape in double quotes, e.g. \"\\x07\"",
                  "SYNTAX");
    return std::nullopt;
  }
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    Builder builder(limits, report);
    if (!parser.HandleNextDocument(builder)) throw Stop{{}, "the document is empty", "SYNTAX"};
    Builder second(limits, report);
    if (parser.HandleNextDocument(second))
      throw Stop{{}, "the text holds several YAML documents; one is expected", "SYNTAX"};
    return std::move(builder.tree);
  } catch (const Stop& what) {
    report.add_at(root, what.spot, what.why, what.code);
  } catch (const YAML::Exception& what) {
    report.add_at(root, spot_of(what.mark), shown(what.msg), "SYNTAX");
  }
  return std::nullopt;
}

}  // namespace skald::document
