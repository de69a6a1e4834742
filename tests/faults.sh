#!/usr/bin/env bash
# Does harm to two issuers and two verifiers on one PostgreSQL while clients work, checks every time that nothing that was answered is lost, doubled
# or dated wrongly, and prints a table of counts. Ends with 1 where something was found.
#
#   tests/faults.sh [--kills N] [--database-kills N] [--full-disks N] [--partitions N] [--clock-steps N]
#                 [--no-build] [--write FILE]
#
# --kills N           of a replica, with SIGKILL (20)
# --database-kills N  of PostgreSQL, with SIGKILL (3)
# --full-disks N      times that PostgreSQL's disk is full (2)
# --partitions N      times that packets to and from PostgreSQL are swallowed, with the waiting times of the service (4)
# --clock-steps N     times that a replica's clock is set, with libfaketime (7)
# --write FILE        puts the table into FILE, between <!-- faults table: begin --> and its end

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kills=20 database_kills=3 full_disks=2 partitions=4 clock_steps=7 build=yes write=
while (($#)); do
  case $1 in
    --kills) kills=${2:?} && shift ;;
    --database-kills) database_kills=${2:?} && shift ;;
    --full-disks) full_disks=${2:?} && shift ;;
    --partitions) partitions=${2:?} && shift ;;
    --clock-steps) clock_steps=${2:?} && shift ;;
    --no-build) build=no ;;
    --write) write=${2:?} && shift ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "error: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

export CREDENTIALS_CRASH_KILLS=$kills CREDENTIALS_CRASH_DATABASE_KILLS=$database_kills CREDENTIALS_FULL_DISKS=$full_disks CREDENTIALS_PARTITIONS=$partitions CREDENTIALS_CLOCK_STEPS=$clock_steps
export DOTNET_TieredPGO=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CREDENTIALS_FAULTS_TABLE=$folder/rows

# run PROJECT CLASS...: the classes of the project, one test after the other.
run() {
  local project=$1 classes=() class
  shift
  for class in "$@"; do classes+=(-class "*.$class"); done
  if [[ $build == yes ]]; then dotnet build "tests/$project" -c Release -v q --nologo -clp:NoSummary; fi
  "tests/$project/bin/Release/net10.0/Credentials.$project.Tests" -noLogo -noColor -reporter quiet -parallelMode none "${classes[@]}" || failed=yes
}

failed=no
run Issuer CrashTests PartitionTests ElectionTests ClockTests DatabaseRefusalTests TokenKeyTests
run Verifier FaultTests KillTests SaveFailureTests

{
  echo "| what was done | times | under load for | requests answered | whole issuances or presentations | credentials | no answer or 503 | slowest 503 | found |"
  echo "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
  cat "$folder/rows"
  echo
  echo "$(date +%Y-%m-%d), $(nproc) processors ($(uname -m)) for services, databases and clients together."
} >"$folder/table"
cat "$folder/table"
if [[ -n $write ]]; then
  sed -i -e "/<!-- faults table: begin -->/,/<!-- faults table: end -->/{/<!-- faults table: /!d}" -e "/<!-- faults table: begin -->/r $folder/table" "$write"
fi
[[ $failed == no ]]
