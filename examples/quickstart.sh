#!/usr/bin/env bash
# Builds Skald and shows it at work on Debian 12; see usage below.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: examples/quickstart.sh [--once] [--port PORT] [--count N]

Installs what is missing (apt, as root or through sudo), builds Skald, starts the five example
services and `skald serve` with a fresh data directory, runs 200 money transfers and 200 orders of
which a known part must fail at each step, and checks that no money and no stock was lost. Then it
stays up for you to try, until Ctrl-C.

  --once       stop everything after the run; exit 0 only if every saga ended as expected
  --port PORT  of the REST API (default 7070); 0, or when PORT is taken, picks a free one
  --count N    transfers, and as many orders (default 200)
TEXT
}

once=no port=7070 count=200
while (($#)); do
  case $1 in
    --once) once=yes ;;
    --port | --count)
      (($# > 1)) || { echo "$0: $1 needs a number" >&2; exit 2; }
      [[ $2 =~ ^[0-9]+$ ]] || { echo "$0: $1 needs a number, not '$2'" >&2; exit 2; }
      if [[ $1 == --port ]]; then port=$2; else count=$2; fi
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

work=$(mktemp -d)
pids=()
clean_up() {
  local pid
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts a process in the background and sets `line` to the first line it prints.
line=
launch() {
  local name=$1
  shift
  mkfifo "$work/$name.out"
  "$@" >"$work/$name.out" 2>"$work/$name.log" &
  pids+=($!)
  exec {out}<"$work/$name.out"
  if ! read -r -t 30 -u "$out" line; then
    echo "$name did not start:" >&2
    cat "$work/$name.log" >&2
    exit 1
  fi
}

build() {
  echo "Building (the first time takes some minutes) …"
  cmake --preset release >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
  local targets=(--target skald skald-services)
  if [[ -t 1 ]]; then
    NINJA_STATUS='  [%f/%t] ' cmake --build build/release "${targets[@]}"
  elif ! cmake --build build/release "${targets[@]}" >"$work/build.log" 2>&1; then
    tail -n 40 "$work/build.log" >&2
    exit 1
  fi
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start_services() {
  local name
  for name in accounts payments inventory shipping notifications; do
    launch "$name" build/release/examples/services/skald-services "$name" --data "$work/$name" \
      --error 0.05 --lose-reply 0.02 --error-after-effect 0.03
    [[ $line =~ \"port\":([0-9]+) ]]
    services+=("$name=http://127.0.0.1:${BASH_REMATCH[1]}")
    echo "  $name on 127.0.0.1:${BASH_REMATCH[1]}"
  done
}

start_skald() {
  local service arguments=()
  for service in "${services[@]}"; do arguments+=(--participant "$service"); done
  if ((port)) && taken "$port"; then
    echo "  port $port is taken; a free one is used"
    port=0
  fi
  launch skald build/release/http/skald serve --data "$work/skald" \
    --listen "127.0.0.1:$port" "${arguments[@]}"
  [[ $line =~ \"listening\":\"([^\"]+)\" ]]
  skald=http://${BASH_REMATCH[1]}
  echo "  skald on $skald"
}

bash examples/prerequisites.sh
build
services=() skald=
echo "Starting five services, which err on purpose in 1 of 10 calls, and Skald:"
start_services
start_skald

echo "Running $count transfers and $count orders:"
arguments=()
for service in "${services[@]}"; do arguments+=(--service "$service"); done
status=0
python3 examples/quickstart/drive.py --skald "$skald" --count "$count" "${arguments[@]}" ||
  status=$?
if ((status)); then
  echo "Not every saga ended as expected. The log of Skald:" >&2
  tail -n 20 "$work/skald.log" >&2
fi
if [[ $once == yes ]]; then exit "$status"; fi

cat <<TEXT

Skald stays up. Try:
  curl -s '$skald/v1/sagas?pageSize=3'
  curl -s '$skald/v1/sagas?status=compensated&pageSize=3'
  curl -s $skald/v1/sagas/transfer-8
  curl -s $skald/v1/sagas/transfer-8/events
  curl -s $skald/v1/sagas/transfer-8/explain
  curl -s -X POST $skald/v1/sagas -H 'Content-Type: application/json' -H 'Prefer: wait=5' \\
    -d '{"definition": "money-transfer",
         "input": {"source": "account-1", "target": "account-2", "amount": 250}}'
Open: $skald/ (the dashboard)  $skald/openapi.json  $skald/metrics  $skald/readyz
Ctrl-C ends it.
TEXT
wait "${pids[-1]}"
