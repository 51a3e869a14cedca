#pragma once

#include <string>
#include <string_view>

#include "dsl/diagram/figure.hpp"

/// Writing the elements of an SVG document.
namespace skald::diagram {

/// `value` with at most one digit behind the point, the same in every locale.
[[nodiscard]] std::string number_text(double value);

/// Text for between tags and for attribute values. REQUIRES: valid UTF-8 without control
/// characters.
[[nodiscard]] std::string escaped_xml(std::string_view text);

/// The colours, light and dark; every class begins with "skald-", so that the document may be put
/// into a page as it is.
[[nodiscard]] std::string_view style_sheet();

class Pen {
 public:
  [[nodiscard]] const std::string& text() const { return out_; }

  void raw(std::string_view text) { out_.append(text); }
  void rect(double x, double y, double width, double height, double radius,
            std::string_view classes);
  void path(std::string_view data, std::string_view classes);
  void circle(Point middle, double radius, std::string_view classes);

  /// `y` is the base line. The words are fitted into `width`, whatever font the reader has.
  void words(double x, double y, std::string_view words, double width, std::string_view classes);

  /// One line; `tone` is the class of what is not muted.
  void line(double x, double y, const TextLine& line, const std::string& tone);

  /// An arrowhead with its tip at `tip`, which comes from (dx, dy).
  void head(Point tip, double dx, double dy, std::string_view classes);

 private:
  void mark(double x, double y, Mark mark);
  std::string out_;
};

}  // namespace skald::diagram
