#include "storage/archive/gzip_archive.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace skald {

namespace {

/// The file descriptor of a file, closed with its owner.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() { close(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_ = -1;
};

Error failed(const std::string& doing, const std::filesystem::path& path) {
  const int code = errno;
  return {code == ENOSPC || code == EDQUOT ? ErrorCode::disk_full : ErrorCode::storage_failed,
          doing + " " + path.string() + " failed: " + std::strerror(code),
          "Sagas that cannot be archived are not removed; check --archive and its disk.",
          {}};
}

/// One gzip member.
Result<std::string> compressed(std::span<const std::string> lines) {
  static constexpr int gzip_window = 15 + 16;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return Error{ErrorCode::internal, "A saga cannot be compressed.", {}, {}};
  std::string text;
  for (const auto& line : lines) text.append(line).push_back('\n');
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int end = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (end != Z_STREAM_END)
    return Error{ErrorCode::internal, "A saga cannot be compressed.", {}, {}};
  return packed;
}

class GzipArchive final : public SagaArchive {
 public:
  explicit GzipArchive(GzipArchiveOptions options) : options_(std::move(options)) {}

  Result<void> append(std::span<const std::string> lines) override {
    const auto member = compressed(lines);
    if (!member) return member.error();
    if (!file_.is_open() || size_ >= options_.file_bytes_max)
      if (auto begun = begin_file(); !begun) return begun;
    if (auto written = write(*member); !written) {
      // What is half there would hide what comes after it.
      file_.close();
      return written;
    }
    size_ += member->size();
    return {};
  }

 private:
  /// Like 20261121T230501.123Z-001, so that names stand in the order of time.
  [[nodiscard]] Result<void> begin_file() {
    auto time = to_rfc3339(options_.now());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    static constexpr int names_max = 999;
    for (int i = 1; i <= names_max; ++i) {
      const auto number = "-" + std::to_string(1000 + i).substr(1);
      path_ = options_.directory / ("sagas-" + time + number + ".ndjson.gz");
      file_ = OpenFile(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
      if (file_.is_open() || errno != EEXIST) break;
    }
    if (!file_.is_open()) return failed("creating", path_);
    size_ = 0;
    return sync_directory();
  }

  /// A file is there after a crash only when its directory says so.
  [[nodiscard]] Result<void> sync_directory() const {
    const OpenFile directory(
        ::open(options_.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() || ::fsync(directory.get()) != 0)
      return failed("syncing", options_.directory);
    return {};
  }

  [[nodiscard]] Result<void> write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = ::write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return failed("writing", path_);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file_.get()) == 0 ? Result<void>() : failed("syncing", path_);
  }

  GzipArchiveOptions options_;
  std::filesystem::path path_;
  OpenFile file_;
  std::uint64_t size_ = 0;
};

}  // namespace

Result<std::unique_ptr<SagaArchive>> open_gzip_archive(GzipArchiveOptions options) {
  std::error_code made;
  std::filesystem::create_directories(options.directory, made);
  if (made || !std::filesystem::is_directory(options.directory, made) ||
      ::access(options.directory.c_str(), W_OK) != 0)
    return Error{ErrorCode::invalid_argument,
                 "'" + options.directory.string() + "' is no directory that can be written to.",
                 "Name one with --archive, or make it writable.",
                 {}};
  return std::unique_ptr<SagaArchive>(std::make_unique<GzipArchive>(std::move(options)));
}

}  // namespace skald
