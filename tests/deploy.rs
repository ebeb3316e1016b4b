//! What runs Chancery elsewhere is true: the container, the unit, the composition and their page name commands, keys and
//! times as the program has them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{fs, path::Path, process::Command};

use chancery::{cli, config::Config};
use serde_yaml_ng::Value;

const UNIT: &str = include_str!("../deploy/chancery.service");
const COMPOSE: &str = include_str!("../deploy/compose.yaml");
const DOCKERFILE: &str = include_str!("../Dockerfile");
const PAGE: &str = include_str!("../deploy/README.md");
const PROGRAM: &str = "/usr/local/bin/chancery";

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

fn is_command(line: &str) {
    cli::understand(words(line)).unwrap_or_else(|error| panic!("chancery {line}: {error}"));
}

/// Values of a key of the unit, in order.
fn of_unit(key: &str) -> Vec<&'static str> {
    let values = UNIT.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    values.collect()
}

/// That the configuration knows a variable, and takes the value.
fn is_known(name: &str, value: &str) {
    let given = vec![(name.to_owned(), value.to_owned())];
    let parsed = Config::parse("", "", given).unwrap_or_else(|problems| panic!("{name}={value}: {problems}"));
    assert_ne!(parsed, Config::default(), "{name}={value} changes nothing");
}

/// Requests are waited for, then streams, each for `shutdown_seconds`: who kills sooner drops them.
fn outlasts_the_drain(seconds: u64) {
    let drain = 2 * Config::default().shutdown_seconds;
    assert!(seconds > drain + 5, "{seconds} seconds are not enough for {drain}");
}

fn seconds(text: &str) -> u64 {
    text.trim_end_matches('s').parse().expect("seconds")
}

fn is_postgres_url(value: &str) {
    is_known("DATABASE_URL", value);
    assert!(value.starts_with("postgres://"), "{value}");
}

#[test]
fn the_unit_runs_commands_and_waits_for_the_drain() {
    let mut commands = of_unit("ExecStartPre");
    commands.extend(of_unit("ExecStart"));
    assert_eq!(commands.len(), 2);
    for command in commands {
        is_command(command.strip_prefix(PROGRAM).expect("the program"));
    }
    assert_eq!(of_unit("ExecReload"), ["/bin/kill -HUP $MAINPID"]);
    outlasts_the_drain(seconds(of_unit("TimeoutStopSec")[0]));
    for variable in of_unit("Environment") {
        let (name, value) = variable.split_once('=').expect("a variable");
        is_known(name, value);
        assert!(!name.contains("URL"), "a secret in a file that everybody reads");
    }
    let data = of_unit("Environment")[0].rsplit('/').next();
    assert_eq!(Some(of_unit("StateDirectory")[0]), data, "what it writes to is all that it may write to");
}

#[test]
fn the_unit_gives_away_as_little_as_it_can() {
    for (key, value) in [
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("SystemCallFilter", "@system-service"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
    ] {
        assert_eq!(of_unit(key).first(), Some(&value), "{key}");
    }
    let users = include_str!("../deploy/chancery.sysusers");
    assert!(users.contains(&format!("\nu {} ", of_unit("User")[0])), "{users}");
}

#[test]
fn the_container_is_built_with_the_projects_toolchain_and_from_what_it_needs() {
    let toolchain = include_str!("../rust-toolchain.toml");
    let channel = toolchain.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"'));
    assert!(DOCKERFILE.contains(&format!("ARG RUST_VERSION={}\n", channel.expect("a version"))), "{channel:?}");
    assert!(DOCKERFILE.contains("cargo build --release --locked --bin chancery"));
    // What the manifest and the sources name is let in; nothing else is.
    let ignored = include_str!("../.dockerignore");
    let let_in: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert!(ignored.lines().any(|line| line == "*"), "all else stays outside");
    for name in &let_in {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists(), "{name}");
    }
    let manifest = include_str!("../Cargo.toml");
    let paths = manifest.lines().filter_map(|line| line.split("path = \"").nth(1)?.split(['/', '"']).next());
    for path in paths.chain(["Cargo.toml", "Cargo.lock", "src", "assets"]) {
        assert!(let_in.contains(&path), "{path} is needed");
    }
}

#[test]
fn the_container_is_nobody_and_says_how_it_is() {
    let last = DOCKERFILE.rsplit("\nFROM ").next().expect("the image that runs");
    let user = last.lines().find_map(|line| line.strip_prefix("USER ")).expect("a user");
    let number = user.split(':').next().unwrap_or_default().parse::<u32>();
    assert!(number.is_ok_and(|number| number >= 1000), "{user}: a number, and not root's");
    assert!(!last.contains("apt-get") && !last.contains("curl"), "nothing is fetched into it");
    let commands = last.lines().filter_map(|line| line.trim_start().split_once("CMD [")).map(|(_, rest)| rest);
    let mut count = 0;
    for command in commands {
        let words: Vec<&str> = command.trim_end_matches(']').split(", ").map(|word| word.trim_matches('"')).collect();
        is_command(&words.join(" ").replace("chancery ", ""));
        count += 1;
    }
    assert_eq!(count, 2, "what it does, and whether it is well");
    for (name, value) in
        last.lines().filter_map(|line| line.split_once("CHANCERY_")?.1.trim_end_matches(" \\").split_once('='))
    {
        is_known(&format!("CHANCERY_{name}"), value);
    }
}

fn services() -> Vec<(String, Value)> {
    let mut file: Value = serde_yaml_ng::from_str(COMPOSE).expect("YAML");
    file.apply_merge().expect("merged");
    let services = file["services"].as_mapping().expect("services").clone();
    services.into_iter().map(|(name, service)| (name.as_str().expect("a name").to_owned(), service)).collect()
}

#[test]
fn the_composition_is_closed() {
    let file: Value = serde_yaml_ng::from_str(COMPOSE).expect("YAML");
    assert_eq!(file["networks"]["inside"]["internal"], true);
    for (name, service) in services() {
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["cap_drop"][0], "ALL", "{name}");
        assert_eq!(service["security_opt"][0], "no-new-privileges:true", "{name}");
        let is_server = name == "chancery";
        assert_eq!(service["ports"].is_null(), !is_server, "{name}");
        let networks = service["networks"].as_sequence().expect("networks").len();
        assert_eq!(networks, if is_server { 2 } else { 1 }, "{name}");
        for port in service["ports"].as_sequence().into_iter().flatten() {
            assert!(port.as_str().is_some_and(|port| port.starts_with("127.0.0.1:")), "{port:?}");
        }
    }
}

#[test]
fn the_composition_runs_commands_in_their_order() {
    let services = services();
    let of = |name: &str| &services.iter().find(|(known, _)| known == name).expect("a service").1;
    assert_eq!(of("migrate")["depends_on"]["database"]["condition"], "service_healthy");
    assert_eq!(of("chancery")["depends_on"]["migrate"]["condition"], "service_completed_successfully");
    outlasts_the_drain(seconds(of("chancery")["stop_grace_period"].as_str().expect("a time")));
    for name in ["migrate", "chancery"] {
        let service = of(name);
        assert_eq!(service["env_file"][0], "./secrets/chancery.env", "{name}");
        for (variable, value) in service["environment"].as_mapping().into_iter().flatten() {
            let (variable, value) = (variable.as_str().expect("a name"), value.as_str().expect("a value"));
            // The default of the program is another than the container's.
            is_known(variable, value);
        }
        let command = service["command"].as_sequence().into_iter().flatten();
        let command: Vec<&str> = command.map(|word| word.as_str().expect("a word")).collect();
        if !command.is_empty() {
            is_command(&command.join(" "));
        }
    }
}

#[test]
fn the_page_names_what_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut commands = 0;
    for line in PAGE.lines() {
        if let Some((_, command)) = line.split_once("docker compose exec chancery chancery ") {
            is_command(command);
            commands += 1;
        } else if let Some((_, command)) = line.split_once("docker compose run --rm chancery ")
            && !command.contains('…')
        {
            is_command(command);
            commands += 1;
        }
        if let Some((_, rest)) = line.split_once("DATABASE_URL=") {
            is_postgres_url(rest.split(['\'', '\\']).next().expect("a value"));
        }
        for file in line.split_whitespace().filter(|word| word.starts_with("deploy/")) {
            assert!(root.join(file).exists(), "{file}");
        }
    }
    assert_eq!(commands, 2);
    let is_shell = Command::new("sh").arg("-n").arg(root.join("deploy/database.sh")).status().expect("a shell");
    assert!(is_shell.success());
    let script = fs::read_to_string(root.join("deploy/database.sh")).expect("it is there");
    assert!(script.contains("create role chancery login") && script.contains("owner chancery"), "{script}");
    let ignored = include_str!("../.gitignore");
    assert!(ignored.lines().any(|line| line == "/deploy/secrets/"), "secrets stay out of git");
}
