#!/usr/bin/env bash
# PostgreSQL, two replicas of issuer and verifier, and nginx with deploy/nginx.conf, on this machine; then load through all of them.
#
#   deploy/replicas.sh [--seconds N] [--warm-up N] [--parallel N] [--write FILE] [--keep] [--alone] [--hostile N] [--register N]
#
# --alone       instead: one process of each service and no nginx, as on one small machine
# --hostile N   instead: what ordinary clients notice of N hostile connections (the table goes into spec/reliability.md, with --write)
# --register N  instead: what a request to one issuer costs with ten thousand to N credentials in its register (10 GB of disk for 10000000)
# --keep   goes on serving until Enter is pressed
#
# Needs PostgreSQL and nginx (Debian: postgresql, nginx-light). Runs in a temporary folder on free ports, and stops all that it started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
keep=no alone=no register=no
load=()
while (($# > 0)); do
  case $1 in
    --keep) keep=yes; shift ;;
    --alone) alone=yes; load+=("$1"); shift ;;
    --register) alone=yes register=yes; load+=("$1" "$2"); shift 2 ;;
    --seconds | --warm-up | --parallel | --write | --hostile) load+=("$1" "$2"); shift 2 ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
done
binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1) || true
if [[ -z $binaries ]] || { [[ $alone == no ]] && ! command -v nginx >/dev/null; }; then
  echo "PostgreSQL or nginx is not installed (Debian: apt-get install postgresql nginx-light)" >&2
  exit 3
fi

dotnet build src/Cli -c Release -v q --nologo -clp:NoSummary
dotnet build tests/Load -c Release -v q --nologo -clp:NoSummary
program=$PWD/src/Cli/bin/Release/net10.0/Credentials.Cli.dll
folder=$(mktemp -d)
chmod 711 "$folder"
started=()
stop() {
  for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [[ -f $folder/database/postmaster.pid ]]; then kill -QUIT "$(head -n 1 "$folder/database/postmaster.pid")" 2>/dev/null || true; fi
  sleep 1
  rm -rf "$folder"
}
trap stop EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# PostgreSQL refuses to run as root.
as_postgres() { if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi; }

mkdir "$folder/database"
if ((EUID == 0)); then chown postgres "$folder/database"; fi
database_port=$(free_port)
as_postgres "$binaries/initdb" -D "$folder/database" -U postgres -A trust >"$folder/initdb.log"
as_postgres "$binaries/pg_ctl" -D "$folder/database" -w -l "$folder/database/log" -o "-p $database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder/database -c max_connections=300" start >/dev/null
for name in issuer verifier; do as_postgres "$binaries/psql" -q -h 127.0.0.1 -p "$database_port" -U postgres -c "CREATE DATABASE $name"; done
connection() { echo "Host=127.0.0.1;Port=$database_port;Username=postgres;Database=$1;Maximum Pool Size=100"; }

export CREDENTIALS_ALLOW_LOOPBACK_HTTP=1 Issuer__PublicRequestsPerMinute=1000000
issuer=$(free_port) issuer_1=$(free_port) issuer_2=$(free_port) verifier=$(free_port) verifier_1=$(free_port) verifier_2=$(free_port)
if [[ $alone == yes ]]; then issuer_1=$issuer verifier_1=$verifier; fi

# serve NAME ARGUMENTS...: starts one replica and waits until it is ready.
serve() {
  local name=$1
  shift
  dotnet "$program" "$@" --json >"$folder/$name.out" 2>"$folder/$name.err" &
  started+=($!)
  for _ in $(seq 300); do
    if [[ -s $folder/$name.out ]]; then return; fi
    sleep 0.1
  done
  cat "$folder/$name.err" >&2
  exit 1
}
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$folder/$2.out" | head -n 1; }
issue() { serve "$1" issuer serve --data "$folder/issuer" --port "$2" --public-url "http://localhost:$issuer" --connection "$(connection issuer)" --trusted-proxy 127.0.0.1; }
verify() {
  serve "$1" verifier serve --data "$folder/verifier" --port "$2" --public-url "http://localhost:$verifier" --connection "$(connection verifier)" \
    --trust "$folder/issuer/keys/root.pem" --trusted-proxy 127.0.0.1 --requests-per-minute 10000000
}
issuers=() verifiers=()
issue issuer_1 "$issuer_1"
issuers+=("${started[-1]}")
if [[ $alone == no ]]; then issue issuer_2 "$issuer_2"; issuers+=("${started[-1]}"); fi
verify verifier_1 "$verifier_1"
verifiers+=("${started[-1]}")
if [[ $alone == no ]]; then verify verifier_2 "$verifier_2"; verifiers+=("${started[-1]}"); fi

# The file that is given to operators, without TLS and on these ports.
start_nginx() {
  mkdir "$folder/nginx"
  {
    printf 'daemon off; worker_processes 1; pid %s/nginx/pid; error_log %s/nginx/error.log warn;\nevents { worker_connections 4096; }\nhttp {\naccess_log off;\n' "$folder" "$folder"
    for kind in body proxy fastcgi uwsgi scgi; do
      if [[ $kind == body ]]; then echo "client_body_temp_path $folder/nginx/body;"; else echo "${kind}_temp_path $folder/nginx/$kind;"; fi
    done
    sed -e '/ssl_certificate/d' -e "s/:5101;/:$issuer_1;/; s/:5111;/:$issuer_2;/; s/:5102;/:$verifier_1;/; s/:5112;/:$verifier_2;/" deploy/nginx.conf |
      awk -v issuer="$issuer" -v verifier="$verifier" '/listen 443 ssl;/ { n++; sub(/443 ssl/, "127.0.0.1:" (n == 1 ? issuer : verifier)) } { print }'
    echo '}'
  } >"$folder/nginx/nginx.conf"
  nginx -p "$folder/nginx" -c "$folder/nginx/nginx.conf" 2>"$folder/nginx/start.log" &
  started+=($!)
  for _ in $(seq 100); do
    if (: >"/dev/tcp/127.0.0.1/$issuer") 2>/dev/null; then break; fi
    sleep 0.1
  done
}
if [[ $alone == no ]]; then start_nginx; fi

agency=$(value api_key issuer_1) shop=$(value api_key verifier_1)
run_load() { dotnet tests/Load/bin/Release/net10.0/Credentials.Load.dll "$@" "${load[@]}"; }
if [[ $register == yes ]]; then
  PATH=$binaries:$PATH run_load issuer --url "http://localhost:$issuer" --api-key "$agency" --database "host=127.0.0.1 port=$database_port user=postgres dbname=issuer"
  exit
fi
run_load issuer --direct "http://localhost:$issuer_1" --url "http://localhost:$issuer" --api-key "$agency" --pid "$(IFS=,; echo "${issuers[*]}")"
run_load verifier --direct "http://localhost:$verifier_1" --url "http://localhost:$verifier" --api-key "$shop" --trust "$(value trust verifier_1)" \
  --issuer-url "http://localhost:$issuer" --issuer-api-key "$agency" --pid "$(IFS=,; echo "${verifiers[*]}")"
if [[ $keep == yes ]]; then
  echo "issuer http://localhost:$issuer (key $agency), verifier http://localhost:$verifier (key $shop); Enter ends them"
  read -r
fi
