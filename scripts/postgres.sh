#!/usr/bin/env bash
# A throw-away PostgreSQL on the loopback interface for the store tests.
#   scripts/postgres.sh start    prints the URL that TINGXIN_TEST_POSTGRES wants
#   scripts/postgres.sh stop
#   scripts/postgres.sh crash    ends it at once, as a crash would, and starts it again
set -euo pipefail
cd "$(dirname "$0")/.."
port=${TINGXIN_TEST_POSTGRES_PORT:-55433}
state="$PWD/target/test-postgres"
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)

# PostgreSQL refuses to run as root, so root hands the work to the account the package made.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

# fsync is off because the machine does not lose power during a test; what is durable is tested on SQLite.
options() {
  echo "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories=$1 -c fsync=off -c max_connections=300"
}

stop() {
  [ -s "$state" ] || return 0
  local folder
  folder=$(cat "$state")
  if [ -d "$folder/data" ]; then
    as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
  fi
  rm -f "$state"
}

start() {
  stop
  local folder
  folder=$(mktemp -d /tmp/tingxin-postgres.XXXXXX)
  [ "$(id -u)" != 0 ] || chown postgres: "$folder"
  as_postgres "$bin/initdb" -D "$folder/data" -U tingxin -A trust -E UTF8 --locale=C.UTF-8 --data-checksums --no-sync >/dev/null
  as_postgres "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "$(options "$folder")" start >/dev/null
  mkdir -p target
  echo "$folder" >"$state"
  echo "postgres://tingxin@127.0.0.1:$port/postgres"
}

crash() {
  local folder
  folder=$(cat "$state")
  as_postgres "$bin/pg_ctl" -D "$folder/data" -w -m immediate stop >/dev/null
  as_postgres "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "$(options "$folder")" start >/dev/null
}

case "${1:-}" in
  start) start ;;
  stop) stop ;;
  crash) crash ;;
  *) echo "usage: $0 start|stop|crash" >&2; exit 64 ;;
esac
