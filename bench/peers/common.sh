# What the peer benchmarks share: processes that end, ports that are free, readings of a process, a section of a document.
# Sourced by the scripts beside it; Linux with /proc.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d); chmod 755 "$work" # servers started by root read it as another user
declare -A process=()
ticks_per_second=$(getconf CLK_TCK)

trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "$*" >&2; }

fail() { say "$*"; exit 2; }

# Ends every process this script started, by its id, and removes what it wrote aside.
end_all() {
  local pid
  for pid in "${process[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${process[@]}"; do
    for _ in {1..50}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}

# need PROGRAM PACKAGE: installs the package where the program, or a file named with its path, is missing.
need() {
  command -v "$1" >/dev/null || [ -e "$1" ] && return
  say "installing $2"
  local sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get install -y --no-install-recommends "$2" >/dev/null || fail "$1 is missing and $2 could not be installed (apt-get update, then again)"
}

# native_edge: $edge_program is the edge as it ships, native code. To compile it takes minutes of two cores; it is left out when
# nothing that the edge is made of was written since. (The build would compile again after any plain build.)
edge_program=$root/artifacts/native/hanzo-edge
native_edge() {
  local machine stamp=artifacts/native.compiled
  [ ! -x "$edge_program" ] || [ -n "$(find src/Hanzo.Edge* src/Hanzo.Metering src/Hanzo.Sockets data/geo/*.csv Directory.*.props Directory.*.targets global.json \
    \( -name bin -o -name obj \) -prune -o ! -type d -newer "$stamp" -print -quit 2>&1)" ] || return 0
  need gcc gcc
  need /usr/include/stdlib.h libc6-dev
  case $(uname -m) in aarch64) machine=arm64 ;; *) machine=x64 ;; esac
  mkdir -p artifacts
  touch "$stamp.next" # what is written while it is compiled counts as later
  dotnet publish src/Hanzo.Edge -c Release -r "linux-$machine" -o artifacts/native -nologo -v q >"$work/build" 2>&1 ||
    { cat "$work/build" >&2; fail "the edge could not be compiled"; }
  mv "$stamp.next" "$stamp"
}

# A loopback port nobody listens on, and that no earlier call gave.
declare -A given=()
free_port() {
  local candidate
  for _ in {1..200}; do
    candidate=$((20000 + RANDOM % 10000))
    [ -z "${given[$candidate]:-}" ] || continue
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null && continue
    given[$candidate]=1
    printf -v "$1" %s "$candidate"
    return
  done
  fail "no free port between 20000 and 29999"
}

# start NAME CORES COMMAND...: in the background, on these cores, its output in a file that await shows when it dies.
start() {
  local name=$1 cores=$2; shift 2
  taskset -c "$cores" "$@" >"$work/$name.out" 2>&1 &
  process[$name]=$!
}

# await NAME URL: until the process answers there with 200; 30 s at most.
await() {
  for _ in {1..300}; do
    [ "$(curl -s -o /dev/null -m 1 -w '%{http_code}' "$2")" = 200 ] && return
    kill -0 "${process[$1]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -20 "$work/$1.out" >&2
  fail "$1 does not answer on $2"
}

# The process and its children, one id a line.
family() {
  local child
  echo "$1"
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do family "$child"; done
}

# Processor time used so far by a process and its children, in clock ticks.
ticks() {
  local pid
  for pid in $(family "$1"); do sed 's/.*) //' "/proc/$pid/stat"; done | awk '{ sum += $12 + $13 } END { print sum }'
}

# Proportional set size of a process and its children, in KiB.
pss() {
  local pid
  for pid in $(family "$1"); do cat "/proc/$pid/smaps_rollup"; done | awk '/^Pss:/ { sum += $2 } END { print sum }'
}

# The machine in words that would fit any other one of its kind.
machine() {
  local model; model=$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)
  printf '%s cores (%s), Linux %s' "$(nproc)" "${model:-$(uname -m)}" "$(uname -r | cut -d. -f1-2)"
}

# replace_section FILE NAME CONTENT-FILE: puts the content between the markers <!-- NAME --> and <!-- /NAME -->.
replace_section() {
  [ -f "$1" ] || printf '# Benchmarks\n' >"$1"
  grep -q "^<!-- $2 -->$" "$1" || printf '\n<!-- %s -->\n<!-- /%s -->\n' "$2" "$2" >>"$1"
  awk -v begin="<!-- $2 -->" -v end="<!-- /$2 -->" -v content="$3" '
    $0 == end { inside = 0 }
    !inside { print }
    $0 == begin { inside = 1; while ((getline line < content) > 0) print line }' "$1" >"$work/section" && cat "$work/section" >"$1"
}
