#!/usr/bin/env bash
# Changes the code of a folder of the core in small ways and sees whether a test notices (Stryker.NET). Prints the score and what survived.
#
#   tests/mutation.sh FOLDER...          for example Cose Jose StatusLists
#
# Works on a copy of the tree, so that a mutated core is nowhere else. Reports lie in artifacts/mutation/FOLDER.
# One folder takes from ten minutes to some hours: run it where nothing else runs.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if (($# == 0)) || [[ $1 == -* ]]; then sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 2; fi

root=$PWD tree=$PWD/artifacts/mutation/tree
dotnet tool restore
for folder in "$@"; do
  if [[ ! -d src/Credentials/$folder ]]; then echo "error: there is no src/Credentials/$folder" >&2; exit 2; fi
  rm -rf "$tree"
  mkdir -p "$tree"
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tree"
  (
    cd "$tree/tests/Credentials"
    # Asking for the SDK may take its time on a busy machine (milliseconds).
    DOTNET_INFO_WAIT_TIME=120000 nice -n 19 dotnet stryker --project Credentials.csproj --test-runner mtp --configuration Release --concurrency "${MUTATION_CONCURRENCY:-1}" \
      --mutate "**/$folder/**/*.cs" --reporter cleartext --reporter json --reporter html --output "$root/artifacts/mutation/$folder" --skip-version-check
  )
done
