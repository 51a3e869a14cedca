#!/usr/bin/env bash
# Runs the tests of Skald on Debian 12; see usage below. Logs go to build/run/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

usage() {
  cat <<'TEXT'
usage: tests/run.sh [group…]

Installs what is missing (apt, as root or through sudo), runs the groups, sums up their test cases
and ends with the line "N passed, N failed". Fails when a test failed or none ran.

  unit      build everything (release), each header by itself, and run the C++ tests
  format    clang-format on every C++ file
  lint      clang-tidy on what changed since the merge base with origin/main, or else since HEAD~1
  sanitize  build and run the C++ tests with the address and undefined behaviour sanitizers
  e2e       the program as a user sees it, and its recovery after crashes (tests/e2e, tests/crash)
  snippets  what the documents tell the reader to type (tests/snippets)
  browser   the dashboard in a real Chromium (tests/browser)
  lint-all  clang-tidy on every file; only when asked for: about four seconds per file and core
  bench     the short form of the benchmarks (tests/bench); only when asked for. Fails when an audit
            does, never for a figure

Without arguments: all but lint-all and bench.
TEXT
}

default_groups=(unit format lint sanitize e2e snippets browser)
known_groups=("${default_groups[@]}" lint-all bench)
sanitizer_presets=(asan-ubsan)
logs=build/run
jobs=$(nproc)

# A checkout that belongs to someone else, as in containers, is still ours to read.
git() { command git -c safe.directory='*' "$@"; }

# Notes N passed and N failed test cases of the running group.
count() { echo "$1 $2" >>"$logs/$group.counts"; }

# The files git knows or would add, below the given folders or matching the given patterns.
files() {
  git ls-files -z --cached --others --exclude-standard --deduplicate -- "$@" |
    while IFS= read -r -d '' file; do
      if [[ -f $file ]]; then printf '%s\n' "$file"; fi
    done
}

# Builds every target of a preset, and notes the seconds when it began from nothing.
build() {
  local preset=$1 start=$SECONDS clean=no
  [[ -e build/$preset/build.ninja ]] || clean=yes
  cmake --preset "$preset" || return
  cmake --build --preset "$preset" --parallel "$jobs" \
    --target all all_verify_interface_header_sets || return
  if [[ $clean == yes ]]; then
    local with=''
    if grep -q '^SKALD_CCACHE:.*=/' "build/$preset/CMakeCache.txt"; then with=', with ccache'; fi
    echo "clean build of preset $preset: $((SECONDS - start)) s$with" | tee -a "$logs/clean-builds"
  fi
}

# Prints "passed failed failed-ids…" for the log of a verbose ctest run. The test cases of a doctest
# program count one by one; a program that ended without its summary counts as one failed.
sum_up_ctest() {
  awk '
    /^[0-9]+: \[doctest\] test cases:/ {
      id = $1 + 0
      match($0, /[0-9]+ passed/); passed[id] += substr($0, RSTART, RLENGTH)
      match($0, /[0-9]+ failed/); failed[id] += substr($0, RSTART, RLENGTH)
      summed[id] = 1
    }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
      id = $0; sub(/^[^#]*#/, "", id); id += 0
      ok[id] = / Passed +[0-9.]+ sec/
    }
    END {
      for (id in ok) {
        if (!(id in summed)) passed[id] = ok[id]
        if (!ok[id]) ids = ids " " id
        if (!ok[id] && !failed[id]) failed[id] = 1
        p += passed[id]; f += failed[id]
      }
      print p + 0, f + 0 ids
    }' "$1"
}

# Runs the C++ tests of a built preset.
run_ctest() {
  local preset=$1 log=$logs/ctest-$1.log status=0 sums id
  ctest --test-dir "build/$preset" -V --parallel "$jobs" >"$log" 2>&1 || status=$?
  read -r -a sums < <(sum_up_ctest "$log")
  count "${sums[0]}" "${sums[1]}"
  for id in "${sums[@]:2}"; do
    grep -E "(^$id: |Test +#$id: )" "$log" | tail -n 80
  done
  if ((status && ${#sums[@]} == 2)); then tail -n 20 "$log"; fi
  return "$status"
}

# Runs the Python tests of a folder, and counts what unittest says of itself.
run_unittest() {
  local folder=$1 log=$logs/unittest-${1//\//-}.log status=0
  PYTHONUNBUFFERED=1 SKALD_BUILD_DIR=$PWD/build/release \
    python3 -m unittest discover -v -s "$folder" -p '*test*.py' 2>&1 | tee "$log" || status=$?
  local ran last failed=0 skipped=0 number
  ran=$(sed -n 's/^Ran \([0-9]*\) tests\{0,1\} in .*/\1/p' "$log" | tail -n 1)
  last=$(grep -E '^(OK|FAILED|NO TESTS RAN)' "$log" | tail -n 1 || true)
  for number in $(grep -oE '(failures|errors|unexpected successes)=[0-9]+' <<<"$last" || true); do
    if [[ $number == *=* ]]; then failed=$((failed + ${number##*=})); fi
  done
  if [[ $last =~ skipped=([0-9]+) ]]; then skipped=${BASH_REMATCH[1]}; fi
  if ((status && !failed)); then failed=1; fi
  local passed=$((${ran:-0} - failed - skipped))
  count "$((passed > 0 ? passed : 0))" "$failed"
  return "$status"
}

has_tests() { compgen -G "$1/*test*.py" >/dev/null; }

# Runs the Python tests of those of the folders that have any, against the built program.
run_python_folders() {
  local folder status=0 present=()
  for folder in "$@"; do
    if has_tests "$folder"; then present+=("$folder"); else echo "skipped: no tests in $folder"; fi
  done
  ((${#present[@]})) || return 0
  build release >"$logs/$group-build.log" 2>&1 || status=1
  if ((status)); then tail -n 40 "$logs/$group-build.log"; fi
  grep '^clean build' "$logs/$group-build.log" || true
  ((!status)) || return "$status"
  for folder in "${present[@]}"; do run_unittest "$folder" || status=1; done
  return "$status"
}

# The .cpp files to lint: changed ones, and those that include a changed header. All of them when
# there is no older commit to compare with.
changed_sources() {
  local base='' folders=(dsl engine http sagas storage) file
  if git rev-parse -q --verify origin/main >/dev/null; then
    base=$(git merge-base HEAD origin/main || true)
  fi
  if [[ -z $base || $base == $(git rev-parse HEAD) ]]; then
    base=$(git rev-parse -q --verify 'HEAD~1' || true)
  fi
  if [[ -z $base ]]; then
    echo 'no older commit to compare with: all files' >&2
    files 'dsl/*.cpp' 'engine/*.cpp' 'http/*.cpp' 'sagas/*.cpp' 'storage/*.cpp'
    return
  fi
  echo "files changed since $(git rev-parse --short "$base"), and those that include them" >&2
  { git diff --name-only --diff-filter=d "$base" -- "${folders[@]}"
    git ls-files --others --exclude-standard -- "${folders[@]}"; } |
    while IFS= read -r file; do
      if [[ $file == *.cpp ]]; then echo "$file"; fi
      if [[ $file == *.hpp ]]; then
        grep -rlF --include='*.cpp' "#include \"$file\"" "${folders[@]}" || true
      fi
    done | sort -u
}

# Runs clang-tidy on the files named on standard input, as the dev preset compiles them, but without
# what clang cannot read: the precompiled header and some warning options of g++.
run_clang_tidy() {
  local sources
  mapfile -t sources
  if ((!${#sources[@]})); then
    echo 'skipped: nothing to check'
    return
  fi
  cmake --preset dev -B build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
  echo "${#sources[@]} files"
  printf '%s\0' "${sources[@]}" |
    xargs -0 -n 1 -P "$jobs" \
      clang-tidy-14 --quiet -p build/lint --extra-arg=-Wno-unknown-warning-option
  count 1 0
}

group_unit() {
  build release
  run_ctest release
}

group_format() {
  files '*.cpp' '*.hpp' | tr '\n' '\0' | xargs -0 clang-format-14 --dry-run -Werror
  count 1 0
}

group_lint() { changed_sources | run_clang_tidy; }

group_lint_all() {
  files 'dsl/*.cpp' 'engine/*.cpp' 'http/*.cpp' 'sagas/*.cpp' 'storage/*.cpp' | run_clang_tidy
}

group_sanitize() {
  local preset status=0
  for preset in "${sanitizer_presets[@]}"; do
    build "$preset"
    run_ctest "$preset" || status=1
  done
  return "$status"
}

group_e2e() { run_python_folders tests/e2e tests/crash; }

group_snippets() { run_python_folders tests/snippets; }

# Runs the tests of one file in a browser, and counts what node says of itself.
run_in_browser() {
  local file=$1 log status=0 passed failed
  log=$logs/browser-$(basename "$file" .mjs).log
  SKALD_BUILD_DIR=$PWD/build/release node --test --test-reporter=tap "$file" >"$log" 2>&1 ||
    status=$?
  passed=$(sed -n 's/^# pass \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  failed=$(sed -n 's/^# fail \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  if ((status && !${failed:-0})); then failed=1; fi
  count "${passed:-0}" "${failed:-0}"
  echo "$file: ${passed:-0} passed, ${failed:-0} failed"
  if ((status)); then grep -E -A 16 '^ *not ok' "$log" || tail -n 40 "$log"; fi
  return "$status"
}

group_browser() {
  local file status=0
  build release >"$logs/browser-build.log" 2>&1 || status=1
  if ((status)); then
    tail -n 40 "$logs/browser-build.log"
    return 1
  fi
  (cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  for file in tests/browser/*_test.mjs; do run_in_browser "$file" || status=1; done
  return "$status"
}

group_bench() {
  cmake --preset release >/dev/null
  cmake --build --preset release --parallel "$jobs" --target skald-bench >"$logs/bench-build.log" ||
    { tail -n 40 "$logs/bench-build.log"; return 1; }
  build/release/tests/bench/skald-bench --short
  count 1 0
}

# Sets group_passed and group_failed from the counts of $group.
read_counts() {
  local more_passed more_failed
  group_passed=0 group_failed=0
  while read -r more_passed more_failed; do
    group_passed=$((group_passed + more_passed))
    group_failed=$((group_failed + more_failed))
  done <"$logs/$group.counts"
}

# Runs one group and adds its counts to the totals. A group that fails outside of a test (a build
# that breaks) counts as one failed.
run_group() {
  group=$1
  local log=$logs/$group.log start=$SECONDS status
  echo "== $group"
  : >"$logs/$group.counts"
  # Neither `if` nor `||`: both would switch off `set -e` inside the group.
  set +e
  if [[ $group == e2e || $group == snippets || $group == bench ||
    $group == browser ]]; then
    (set -e; "group_${group//-/_}") 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
  else
    (set -e; "group_${group//-/_}") >"$log" 2>&1
    status=$?
    if ((status)); then
      tail -n 120 "$log"
    else
      grep -E '^(skipped|clean build|files changed|[0-9]+ files)' "$log"
    fi
  fi
  set -e
  read_counts
  if ((status && !group_failed)); then group_failed=1; fi
  passed=$((passed + group_passed)) failed=$((failed + group_failed))
  echo "-- $group: $group_passed passed, $group_failed failed, $((SECONDS - start)) s"
}

is_known() { printf '%s\n' "${known_groups[@]}" | grep -qxF -- "$1"; }

for argument in "$@"; do
  case $argument in
    -h | --help)
      usage
      exit 0
      ;;
  esac
  if ! is_known "$argument"; then
    echo "tests/run.sh: there is no group '$argument'; groups are: ${known_groups[*]}" >&2
    exit 2
  fi
done
groups=("$@")
((${#groups[@]})) || groups=("${default_groups[@]}")

prerequisites=(test)
if [[ " ${groups[*]} " == *' lint'* ]]; then prerequisites+=(lint); fi
if [[ " ${groups[*]} " == *' browser '* ]]; then prerequisites+=(browser); fi
bash examples/prerequisites.sh "${prerequisites[@]}"

mkdir -p "$logs"
passed=0 failed=0
for name in "${groups[@]}"; do run_group "$name"; done
echo "$passed passed, $failed failed"
((passed + failed > 0 && failed == 0))
