#!/usr/bin/env bash
# Installs what Skald needs on Debian 12: the one list of packages, for quickstart and tests.
#
#   examples/prerequisites.sh            to build and run
#   examples/prerequisites.sh test lint browser
#                                        also to run the tests, the linter, and the browser tests
#
# Calls apt only when something is missing, as root or through sudo.
set -euo pipefail

packages=(
  g++ cmake ninja-build git curl python3
  libboost1.81-dev nlohmann-json3-dev libsqlitecpp-dev libsqlite3-dev libspdlog-dev libfmt-dev
  libcli11-dev libssl-dev libre2-dev libyaml-cpp-dev libvalijson-dev libprotozero-dev zlib1g-dev
  libjemalloc-dev doctest-dev
)
# The dashboard needs Node.js and npm of any origin: those of other sources conflict with Debian's.
command -v npm >/dev/null || packages+=(npm)
command -v node >/dev/null || packages+=(nodejs)
for extra in "$@"; do
  case $extra in
    test) packages+=(clang-format-14 strace) ;;
    lint) packages+=(clang-tidy-14) ;;
    browser) command -v chromium >/dev/null || packages+=(chromium fonts-dejavu-core) ;;
    *)
      echo "$0: unknown set '$extra'; known are: test, lint, browser" >&2
      exit 2
      ;;
  esac
done

if ! command -v apt-get dpkg-query >/dev/null; then
  echo "$0: this is no Debian; install what these Debian packages hold: ${packages[*]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $state == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "$0: run this as root, or install sudo; missing: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
