#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skald::test {

/// An element of a document as it begins, or a piece of text.
struct XmlPart {
  std::string name;  ///< empty for text
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  ///< with its entities resolved
  [[nodiscard]] std::string attribute(std::string_view name) const;
};

/// Reads the part of XML 1.0 that a picture needs: elements, attributes, text and the five
/// predefined entities and character references. `problem` says why it is not well-formed.
struct XmlDocument {
  explicit XmlDocument(std::string_view text);
  std::vector<XmlPart> parts;
  std::string problem;
};

}  // namespace skald::test
