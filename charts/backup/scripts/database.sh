# How the other scripts reach the database; sourced by them. Endpoint and name come from platform-endpoints, the login from files.
set -eu
PGHOST=${DATABASE_ENDPOINT%:*}
PGPORT=${DATABASE_ENDPOINT##*:}
PGDATABASE=$DATABASE_NAME
PGUSER=$(cat "$LOGIN/username")
PGPASSWORD=$(cat "$LOGIN/password")
PGCONNECT_TIMEOUT=10
export PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD PGCONNECT_TIMEOUT

run_psql() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"
}
