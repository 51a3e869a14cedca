// Where removed sagas go: gzip files that any tool reads.
#include <doctest/doctest.h>
#include <zlib.h>

#include <fstream>
#include <set>

#include "storage/archive/gzip_archive.hpp"
#include "tests/storage/rows_for_tests.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace skald::test {

namespace {

struct ArchiveFixture {
  TemporaryDirectory directory;
  GzipArchiveOptions options{.directory = directory.path() / "archive",
                             .now = [] { return at(0); }};

  std::unique_ptr<SagaArchive> open() const {
    auto archive = open_gzip_archive(options);
    REQUIRE(archive.ok());
    return std::move(*archive);
  }

  [[nodiscard]] std::set<std::filesystem::path> files() const {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(options.directory))
      files.insert(entry.path());
    return files;
  }
};

/// Everything in the file, as far as it can be read.
std::string unpacked(const std::filesystem::path& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  std::string text;
  char buffer[4096];
  for (int count = gzread(file, buffer, sizeof buffer); count > 0;
       count = gzread(file, buffer, sizeof buffer))
    text.append(buffer, static_cast<std::size_t>(count));
  gzclose_r(file);
  return text;
}

void must_append(SagaArchive& archive, const std::vector<std::string>& lines) {
  const auto appended = archive.append(lines);
  REQUIRE_MESSAGE(appended.ok(), (appended ? "" : appended.error().message));
}

TEST_CASE("what is appended can be read with zcat, in its order") {
  const ArchiveFixture fixture;
  const auto archive = fixture.open();
  must_append(*archive, {R"({"saga":1})", R"({"saga":2})"});
  must_append(*archive, {std::string(100'000, 'x')});
  const auto files = fixture.files();
  REQUIRE(files.size() == 1);
  CHECK(files.begin()->filename() == "sagas-20261121T000000.000Z-001.ndjson.gz");
  CHECK(unpacked(*files.begin()) ==
        "{\"saga\":1}\n{\"saga\":2}\n" + std::string(100'000, 'x') + "\n");
  CHECK(std::filesystem::file_size(*files.begin()) < 10'000);
}

TEST_CASE("each opening begins a file of its own, and so does one that has become large") {
  ArchiveFixture fixture;
  fixture.options.file_bytes_max = 1;
  {
    const auto archive = fixture.open();
    CHECK(fixture.files().empty());
    must_append(*archive, {"1"});
    must_append(*archive, {"2"});
  }
  must_append(*fixture.open(), {"3"});
  std::string all;
  for (const auto& file : fixture.files()) all += unpacked(file);
  CHECK(fixture.files().size() == 3);
  std::multiset<char> lines(all.begin(), all.end());
  CHECK(lines.count('1') + lines.count('2') + lines.count('3') == 3);
}

TEST_CASE("what a crash has torn hides nothing that was archived before or after it") {
  const ArchiveFixture fixture;
  must_append(*fixture.open(), {"before"});
  const auto torn = *fixture.files().begin();
  std::ofstream(torn, std::ios::app | std::ios::binary) << "\x1f\x8b\x08";
  must_append(*fixture.open(), {"after"});
  CHECK(unpacked(torn).starts_with("before\n"));
  CHECK(unpacked(*fixture.files().rbegin()) == "after\n");
}

TEST_CASE("a directory that cannot be one is refused") {
  ArchiveFixture fixture;
  std::ofstream(fixture.options.directory) << "a file";
  const auto archive = open_gzip_archive(fixture.options);
  REQUIRE_FALSE(archive.ok());
  CHECK(archive.error().code == ErrorCode::invalid_argument);
  CHECK(archive.error().hint.find("--archive") != std::string::npos);
}

TEST_CASE("a file that cannot be made is an error, and tried again later") {
  const ArchiveFixture fixture;
  const auto archive = fixture.open();
  std::filesystem::remove(fixture.options.directory);
  const std::vector<std::string> lines{"1"};
  CHECK_FALSE(archive->append(lines).ok());
  std::filesystem::create_directory(fixture.options.directory);
  CHECK(archive->append(lines).ok());
}

}  // namespace

}  // namespace skald::test
