#!/usr/bin/env bash
# Chancery from outside: protocol suites that are written apart from the project ask a demo that is started here.
#
#   CONFORM_SUITES    where they are [../shared/lab/protocol beside the project]
#   CONF_DEPS         where what they need is installed, outside any repository [a directory of the cache]
#   CONFORM_BINARY    the program [built here, for release]
#   CONFORM_EXAMPLES  questions that are made up for each field [50]
#   DATABASE_URL      a throw-away PostgreSQL database for the demo [SQLite]
#
# The last line of each suite is told, and checks that fail; the exit code is 0 when all of them hold. Needs Node.js and
# Python 3.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
project=$PWD

fail() { printf 'conform: %s\n' "$*" >&2; exit 1; }

suites=${CONFORM_SUITES:-$project/../shared/lab/protocol}
[ -f "$suites/setup.sh" ] || fail "the suites are not in $suites: name their directory in CONFORM_SUITES"
suites=$(cd "$suites" && pwd)
for needed in node npm python3; do
  command -v "$needed" >/dev/null || fail "$needed is needed to run the suites"
done

export CONF_DEPS=${CONF_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/chancery-conform}
"$suites/setup.sh"

binary=${CONFORM_BINARY:-}
if [ -z "$binary" ]; then
  cargo build --release --locked --bin chancery
  binary=${CARGO_TARGET_DIR:-target}/release/chancery
fi
binary=$(realpath "$binary")

work=$(mktemp -d "${TMPDIR:-/tmp}/chancery-conform.XXXXXX")
started=()
finish() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In its own directory, so that no chancery.toml that lies about is read.
cd "$work"
"$binary" demo --data-dir data --listen 127.0.0.1:0 --tokens tokens.json >demo.out 2>demo.err &
started+=($!)
address=""
for _ in $(seq 600); do
  address=$(sed -n 's|^GraphiQL: http://\([^/]*\)/graphiql.*|\1|p' demo.out)
  [ -z "$address" ] || break
  kill -0 "${started[0]}" 2>/dev/null || break
  sleep 0.2
done
[ -n "$address" ] || { cat demo.err >&2; fail "the demo does not start"; }

token() { node -p 'JSON.parse(fs.readFileSync("tokens.json"))[process.argv[1]]' "$1"; }

# Streams have something to tell for as long as suites run.
node "$here/events.mjs" "http://$address/graphql" "$(token MISSION_OFFICER)" >events.out 2>&1 &
events=$!
started+=("$events")

# Chancery's GET is stricter than these three optional audits, so that no page of another site makes a browser ask:
# it wants a header that a plain link or form cannot send.
stricter='5A70|D6D5|6A70'
bad=0

# Runs a suite: what failed, and its last line.
suite() {
  local name=$1 last failed
  shift
  echo "== $name"
  "$@" >suite.log 2>&1 || true
  failed=$(grep '^FAIL' suite.log | grep -vE "^FAIL \[MAY\] ($stricter) " || true)
  last=$(tail -n 1 suite.log)
  if [ -n "$failed" ] || ! [[ $last =~ ^[a-z]+:\ [1-9][0-9]*/[0-9]+$ ]]; then
    bad=1
    grep -v '^PASS' suite.log || true
  else
    sed -n 's/^FAIL/stricter:/p' suite.log
    echo "$last"
  fi
}

as() { CONF_TOKEN=$(token "$1") "${@:2}"; }

slow='{ k1: missions(first: 100) { nodes { name concerns(first: 20) { nodes { entries(first: 20) { totalCount } } } } } k2: __typename }'
# No stream of Chancery ends by itself: what ends is a question, asked as a stream is.
short='{ viewer { role } }'
long='subscription { concernChanged { change id cursor concern { id status version } } }'
bearer() { printf '{"authorization":"Bearer %s"}' "$1"; }

suite "GraphQL over HTTP" as ANALYST node "$suites/s1_http.mjs" --url "http://$address/graphql" --slow-doc "$slow"
suite "server-sent events" as MISSION_OFFICER node "$suites/s2_sse.mjs" --url "http://$address/graphql/stream" \
  --subscription "$short" --long "$long" --protected
# The last check waits for the end of a token, which outlives the others and then half a minute (clocks differ).
agency=$(node -p 'JSON.parse(Buffer.from(process.argv[1].split(".")[1], "base64url")).iss' "$(token MISSION_OFFICER)")
subject=$(node -p 'JSON.parse(Buffer.from(process.argv[1].split(".")[1], "base64url")).sub' "$(token MISSION_OFFICER)")
brief=$("$binary" --data-dir data token mint --agency "$agency" --subject "$subject" --role MISSION_OFFICER --ttl 180)
suite "graphql-transport-ws" node "$suites/s2_ws.mjs" --ws "ws://$address/graphql/ws" \
  --payload "$(bearer "$(token MISSION_OFFICER)")" --bad-payload "$(bearer none)" \
  --subscription "$short" --long "$long" --short-payload "$(bearer "$brief")" --short-ms 215000

kill -0 "$events" 2>/dev/null || { cat events.out >&2; fail "nothing happened that streams could have told"; }
kill "$events"

export SCHEMATHESIS_HOOKS=$here/codes.py
for role in ANALYST LAW_ENFORCEMENT MISSION_OFFICER; do
  suite "made-up questions, $role" as "$role" python3 "$suites/s3_schema_fuzz.py" --url "http://$address/graphql" \
    --max-examples "${CONFORM_EXAMPLES:-50}"
done

kill -0 "${started[0]}" 2>/dev/null || { cat demo.err >&2; fail "the server did not live to see the end"; }
if grep -q '"level":"ERROR"\|ERROR' demo.err; then
  grep '"level":"ERROR"\|ERROR' demo.err | head -n 20 >&2
  fail "the server's log tells of errors"
fi
[ "$bad" = 0 ] || fail "something failed"
echo "conform: all hold"
