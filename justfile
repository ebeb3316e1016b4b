# Recipes for people; `./check` is what decides.

# List the recipes
default:
    @just --list

# Format, lints, documentation, all tests on both engines
check:
    ./check

# Rewrite the generated files (schema.graphql, docs/ACCESS.md, the matrix) from the code; then read the diff
bless:
    BLESS=1 ./check
    git diff --stat

# What a role may see, as a page
access ROLE:
    cargo run --quiet -- access {{ROLE}}

# A seeded server with a token for every role
demo *ARGS:
    cargo run --release -- demo {{ARGS}}

# The oracle: loops over a dump of all rows, by the policy's prose, agree with the server in so many random worlds an engine
oracle WORLDS="10":
    ORACLE_CASES={{WORLDS}} ./check run cargo test --test oracle -- --nocapture

# Two worlds and twins: what is hidden changes no byte, and runs the same statements
worlds:
    ./check run cargo test --test worlds --test twins -- --nocapture

# Every decision of `access` and of the gate changed, one at a time: which test says which law broke. `access` knows only
# the standard library, so its part is tried alone, a second each; the gate's with everything, which takes longer and
# goes on where it stopped
mutants *ARGS:
    #!/usr/bin/env bash
    set -euo pipefail
    command -v cargo-mutants >/dev/null || cargo install cargo-mutants --version 27.1.0 --locked
    alone=$PWD/target/policy-alone
    rm -rf "$alone"
    mkdir -p "$alone"/src "$alone"/tests "$alone"/.cargo
    cp -r src/access "$alone"/src/
    cp -r tests/access.rs tests/emit.rs tests/grants.rs tests/policy.rs tests/snapshots "$alone"/tests/
    cp Cargo.lock "$alone"/
    echo '//! The policy alone.  pub mod access;' | sed 's/  /\n/' > "$alone"/src/lib.rs
    printf '%s\n' '[package]' 'name = "chancery"' 'edition = "2024"' '[dev-dependencies]' 'insta = "1"' '[workspace]' > "$alone"/Cargo.toml
    printf '%s\n' 'examine_globs = ["src/access/**"]' > "$alone"/.cargo/mutants.toml
    (cd "$alone" && cargo mutants --in-place --no-shuffle --minimum-test-timeout 20 -o "$alone")
    # Most of the gate's are caught by quick tests; those that are not are tried again with what takes longer. Both
    # engines answer alike (tests/engines.rs): one is enough to see a mutant.
    gate="--iterate --no-shuffle --re ^src/read/gate {{ARGS}}"
    cargo mutants $gate -C --lib -C --test=laws -- -- --skip Postgres || true
    ./check run cargo mutants $gate -C --test=matrix -C --test=visibility -C --test=search -C --test=export -C --test=oracle -- -- --skip Postgres

# The executor beside the reference: how many documents, and where the library departs from the specification. Then the
# protocols, from outside, by suites that are kept beside the project (CONFORM_SUITES names another place)
conform:
    ./check run cargo test --test conformance -- --nocapture
    tests/conformance/outside/run.sh

# What a request costs beside hand-written SQL and the tutorials' stack (bench/README.md), as `just bench --scale S,L`
bench *OPTIONS:
    #!/usr/bin/env bash
    set -euo pipefail
    if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
    fi
    export CARGO_INCREMENTAL=0
    # Apart: the program is measured as it is shipped, without what the other stack switches on in its libraries.
    cargo build --release --quiet --package chancery-bench
    cargo build --release --quiet --package chancery
    target/release/bench {{OPTIONS}}

# Fetch GraphiQL's files again and prove that they are those in assets/graphiql
graphiql:
    #!/usr/bin/env bash
    set -euo pipefail
    here=$PWD/assets/graphiql
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cd "$work"
    unpack() { tar -xzf "$(npm pack --silent "$1")" && mv package "$2"; }
    unpack graphiql@3.9.0 graphiql
    unpack react@18.3.1 react
    unpack react-dom@18.3.1 react-dom
    cp graphiql/graphiql.min.js graphiql/graphiql.min.css react/umd/react.production.min.js \
      react-dom/umd/react-dom.production.min.js .
    sha256sum --check "$here/SHA256SUMS"
    cp graphiql.min.js graphiql.min.css react.production.min.js react-dom.production.min.js "$here/"
    cp graphiql/LICENSE "$here/LICENSE.graphiql"
    cp react/LICENSE "$here/LICENSE.react"
