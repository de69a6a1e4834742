#!/usr/bin/env bash
# Installs what the tests need and this machine lacks, builds, runs every test, and ends with one line
#   N passed, N failed, N skipped
# "failed" counts errors and crashed or empty test projects too. Exit code 0 only when nothing failed.
#
#   ./test.sh [--no-install] [--allowed-skips FILE]
#
# --no-install           install no Debian or npm package
# --allowed-skips FILE   a skipped test that FILE does not name (one Namespace.Class.Method a line) counts as failed
#
# TEST_TIMEOUT   seconds one test project may take (default 2700)

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

install=yes
allowed_skips=
while (($#)); do
  case $1 in
    --no-install) install=no ;;
    --allowed-skips) allowed_skips=${2:?--allowed-skips needs a file}; shift ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "error: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

# Processes of tests live for seconds: what the compiler learns for its second try never pays.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_TieredPGO=0
passed=0 failed=0 skipped=0
results=$PWD/artifacts/test-results
# In memory where there is plenty of it: databases wait for the disk at each commit, and what a killed process has written stays there as well.
base=${TMPDIR:-/tmp}
if (($(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) + 0 > 8 * 1024 * 1024)); then base=/dev/shm; fi
scratch=$(mktemp -d "$base/credentials-tests-XXXXXX")
chmod 755 "$scratch"

# The last line, whatever happened before it.
finish() {
  local code=$?
  trap - EXIT
  stop_forgotten_databases
  rm -rf "$scratch"
  if ((code != 0 && failed == 0)); then failed=1; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  if ((failed > 0)); then exit 1; fi
  exit 0
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A crashed test project cannot stop the PostgreSQL it started (its process id is in the data folder), nor unmount its disks.
stop_forgotten_databases() {
  local file
  for file in "$scratch"/*/data/postmaster.pid; do
    if [[ -f $file ]]; then kill -QUIT "$(head -n 1 "$file")" 2>/dev/null; fi
  done
  cut -d ' ' -f 2 /proc/mounts 2>/dev/null | grep -F "$scratch/" | while read -r file; do umount -l "$file"; done
}

limit=()
if command -v timeout >/dev/null; then limit=(timeout -k 10 "${TEST_TIMEOUT:-2700}"); fi

section() { printf '\n== %s\n' "$*"; }

install_debian_packages() {
  local missing=()
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing+=(fonts-noto-cjk fontconfig)
  ls /usr/lib/*/libzbar.so.0 >/dev/null 2>&1 || missing+=(libzbar0)
  [[ -e /usr/lib/softhsm/libsofthsm2.so ]] || missing+=(softhsm2)
  ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || missing+=(faketime)
  if ((${#missing[@]} == 0)); then return; fi
  if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "not installed here, tests that need them are skipped: ${missing[*]}"
    return
  fi
  section "installing ${missing[*]}"
  debian_install "${missing[@]}" || { tail -n 5 "$scratch/apt.log"; echo "could not install them; tests that need them are skipped"; }
}

debian_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >"$scratch/apt.log" 2>&1 ||
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } </dev/null >"$scratch/apt.log" 2>&1
}

# The one without windows takes half the processor time; the other will do.
install_browser() {
  if [[ -x /usr/bin/chromium-headless-shell ]] || ((EUID != 0)) || ! command -v apt-get >/dev/null; then return; fi
  section "installing a browser"
  debian_install chromium-headless-shell || [[ -x /usr/bin/chromium ]] || debian_install chromium ||
    { tail -n 5 "$scratch/apt.log"; echo "could not install one; tests that need it are skipped"; }
}

install_npm_packages() {
  if [[ ! -f tests/Interop/package.json ]] || ! command -v npm >/dev/null; then return; fi
  if [[ tests/Interop/node_modules/.package-lock.json -nt tests/Interop/package-lock.json ]]; then return; fi
  section "npm install (tests/Interop)"
  (cd tests/Interop && npm install --no-audit --no-fund --no-save) </dev/null >"$scratch/npm.log" 2>&1 ||
    { tail -n 5 "$scratch/npm.log"; echo "npm install failed; tests that need it are skipped or fail"; }
}

# attribute NAME FILE: a number of the <assembly> element.
attribute() { grep -o '<assembly [^>]*' "$2" | head -n 1 | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }

# skips FILE: "Namespace.Class.Method" of every skipped test. A type may carry a generic arity or nesting sign; kept as xunit writes it.
skips() {
  sed 's/<test /\n<test /g' "$1" | grep '^<test ' | grep ' result="Skip"' |
    sed 's/.* type="\([^"]*\)".* method="\([^"]*\)".*/\1.\2/' | sort -u
}

# name_of PROJECT: the name that the project's program and results have.
name_of() {
  local name
  name=$(basename "$1" .csproj)
  if [[ $name == Credentials* ]]; then echo "$name"; else echo "Credentials.$name"; fi
}

# Runs a project's tests; what they print and how they ended is judged when its turn comes.
start_project() {
  local name code=0 start=$SECONDS
  name=$(name_of "$1")
  TMPDIR=$scratch "${limit[@]}" "$(dirname "$1")/bin/Release/net10.0/$name" -noLogo -noColor -noAutoReporters -reporter quiet -longRunning 120 \
    -result-xml "$results/$name.xml" </dev/null >"$scratch/$name.log" 2>&1 || code=$?
  echo "$code $((SECONDS - start))" >"$scratch/$name.end"
}

judge_project() {
  local name xml code seconds
  name=$(name_of "$1")
  xml=$results/$name.xml
  section "$name"
  cat "$scratch/$name.log"
  read -r code seconds <"$scratch/$name.end" || code=1

  local p f e s total
  p=0 f=0 e=0 s=0
  if [[ -s $xml ]]; then
    p=$(attribute passed "$xml") f=$(attribute failed "$xml") e=$(attribute errors "$xml") s=$(attribute skipped "$xml")
  fi
  p=${p:-0} f=${f:-0} e=${e:-0} s=${s:-0}
  total=$((p + f + e + s))
  if ((total == 0)); then
    echo "error: $name ran no test (exit code $code)"
    f=1
  elif ((code != 0 && f + e == 0)); then
    echo "error: $name ended with exit code $code"
    f=1
  fi
  if ((s > 0)); then judge_skips "$xml"; fi
  passed=$((passed + p)) failed=$((failed + f + e)) skipped=$((skipped + s))
  echo "$name: $p passed, $((f + e)) failed, $s skipped in $seconds s"
}

# Names every skipped test; those that must not be skipped count as failed besides.
judge_skips() {
  local test
  while read -r test; do
    if [[ -n $allowed_skips ]] && ! grep -qxF -- "$test" "$allowed_skips"; then
      echo "error: skipped, and not listed in $allowed_skips: $test"
      failed=$((failed + 1))
    else
      echo "skipped: $test"
    fi
  done < <(skips "$1")
}

if [[ $install == yes ]]; then
  install_debian_packages
  install_browser
  install_npm_packages
fi

section "build"
start=$SECONDS
if ! dotnet build Credentials.sln -c Release -v q --nologo -clp:NoSummary </dev/null; then
  echo "error: the build failed"
  failed=1
  exit 1
fi
echo "built in $((SECONDS - start)) s"

# The build has looked at everything else that dotnet format would, and a test at the order of usings: compiling it all again for them takes minutes.
check_format() {
  local start=$SECONDS code=0
  dotnet format whitespace --folder . --verify-no-changes </dev/null >"$scratch/format.log" 2>&1 || code=$?
  echo "$code $((SECONDS - start))" >"$scratch/format.end"
}

judge_format() {
  local code seconds
  section "format"
  read -r code seconds <"$scratch/format.end" || code=1
  if ((code == 0)); then
    passed=$((passed + 1))
  else
    head -n 40 "$scratch/format.log"
    echo "error: dotnet format whitespace would change files"
    failed=$((failed + 1))
  fi
  echo "format checked in $seconds s"
}

rm -rf "$results"
mkdir -p "$results"
# Two at a time, the longest first: much of a test's time is waiting, for a browser, a database or a disk.
projects=()
for name in Issuer EndToEnd Verifier Cli; do projects+=("tests/$name/$name.Tests.csproj"); done
for project in tests/*/*.Tests.csproj; do
  if [[ " ${projects[*]} " != *" $project "* ]]; then projects+=("$project"); fi
done
check_format &
for project in "${projects[@]}"; do
  while (($(jobs -rp | wc -l) >= 2)); do wait -n || true; done
  start_project "$project" &
done
wait
judge_format
for project in "${projects[@]}"; do judge_project "$project"; done
# Once more at the end, where nobody has to look for them.
if grep -q '\[FAIL\]' "$scratch"/*.log; then
  section "failed"
  grep -h -A 20 '\[FAIL\]' "$scratch"/*.log
  printf '\n'
  grep -h '\[FAIL\]' "$scratch"/*.log
fi
section "all in $SECONDS s"
