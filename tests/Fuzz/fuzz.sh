#!/usr/bin/env bash
# The long run: every target, one after the other, guided by the branches that the core takes.
#
#   tests/Fuzz/fuzz.sh [--executions N] [--keep] [TARGET...]      in one process (default 5000000 for each target)
#   tests/Fuzz/fuzz.sh --afl SECONDS [TARGET...]                  with AFL++ (Debian package afl++)
#
# --keep   adds what reached something new to tests/Fuzz/corpus
#
# What is found lies in artifacts/fuzz. Exit code 0 only when nothing was found.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

executions=5000000 seconds='' keep=()
while (($#)); do
  case $1 in
    --executions) executions=${2:?}; shift ;;
    --afl) seconds=${2:?}; shift ;;
    --keep) keep=(--keep) ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "error: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
  shift
done

if [[ -n $seconds ]] && ! command -v afl-fuzz >/dev/null; then
  echo "error: afl-fuzz is not installed (Debian package afl++)" >&2
  exit 2
fi

# A copy of the build, so that the instrumented core is nowhere else.
dotnet build tests/Fuzz/Fuzz.Tests.csproj -c Release -v q --nologo -clp:NoSummary
folder=artifacts/fuzz/bin program=artifacts/fuzz/bin/Credentials.Fuzz.Tests
rm -rf "$folder"
mkdir -p artifacts/fuzz
cp -r tests/Fuzz/bin/Release/net10.0 "$folder"
"$program" instrument "$folder"

targets=("$@")
if ((${#targets[@]} == 0)); then mapfile -t targets < <("$program" list); fi
found=0
for target in "${targets[@]}"; do
  if [[ -z $seconds ]]; then
    nice -n 19 "$program" "$target" --executions "$executions" "${keep[@]}" || found=1
    continue
  fi
  rm -rf "artifacts/fuzz/$target-in"
  "$program" export "$target" "artifacts/fuzz/$target-in"
  AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 \
    nice -n 19 afl-fuzz -i "artifacts/fuzz/$target-in" -o "artifacts/fuzz/$target-out" -m none -t 10000 -V "$seconds" -- "$program" afl "$target"
  if compgen -G "artifacts/fuzz/$target-out/default/crashes/id:*" >/dev/null; then
    echo "FINDINGS in artifacts/fuzz/$target-out/default/crashes (look at one with: $program try $target FILE)"
    found=1
  fi
done
exit "$found"
