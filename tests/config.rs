//! The configuration: the example is the truth, the environment wins, every mistake is named.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use chancery::{access::Role, config::Config};

const EXAMPLE: &str = include_str!("../chancery.example.toml");

fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::parse("chancery.toml", text, environment).map_err(|problems| problems.0)
}

#[test]
fn the_example_is_the_defaults_and_names_every_key() {
    assert_eq!(parse(EXAMPLE, &[]), Ok(Config::default()));
    let mut table = String::new();
    let mut named = Vec::new();
    for line in EXAMPLE.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = format!("{name}.");
        } else if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ") {
            named.push(format!("{table}{key}"));
        }
    }
    let shown = Config::default().show();
    let keys = shown.lines().map(|line| line.trim_start_matches("# ").split(' ').next().unwrap_or_default());
    for key in keys {
        assert!(named.iter().any(|name| name == key), "chancery.example.toml does not name {key}");
    }
}

#[test]
fn every_uncommented_example_line_has_words_before_it() {
    let mut before = "";
    for line in EXAMPLE.lines() {
        assert!(!line.contains(" = ") || before.starts_with('#'), "{line}: say what it is");
        before = line;
    }
}

#[test]
fn the_environment_goes_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\n[limits]\ndepth = 5\naliases = 6\n";
    let environment = [
        ("CHANCERY_LISTEN", "0.0.0.0:9"),
        ("CHANCERY_LIMITS__DEPTH", "7"),
        ("CHANCERY_WATCH_PHONE", "+12025550100"),
        ("CHANCERY_LOG__FORMAT", "pretty"),
        ("DATABASE_URL", "postgres://u@h/one"),
        ("CHANCERY_DATABASE_URL", "postgres://u@h/two"),
        ("PATH", "/bin"),
    ];
    let config = parse(file, &environment).expect("good");
    assert_eq!(config.listen.port(), 9);
    assert_eq!((config.limits.depth, config.limits.aliases), (7, 6));
    assert_eq!(config.watch_phone.as_deref(), Some("+12025550100"));
    assert_eq!(config.database_url.expect("set").reveal(), "postgres://u@h/two");
}

#[test]
fn every_mistake_is_named_with_its_source_its_key_and_what_was_expected() {
    let file = "lisen = \"x\"\nlisten = \"nowhere\"\nwatch_phone = \"555\"\n[limits]\ndepth = \"deep\"\naliases = -1\ntokens = 0\n[nonsense]\n";
    let problems = parse(file, &[("CHANCERY_LIMITS__DEPHT", "3"), ("CHANCERY_LOG__FORMAT", "xml")]).expect_err("wrong");
    for (source, key, expected) in [
        ("chancery.toml", "lisen", "unknown key"),
        ("chancery.toml", "listen", "an address and a port"),
        ("chancery.toml", "limits.depth", "found text, expected a whole number"),
        ("chancery.toml", "limits.aliases", "expected a whole number"),
        ("chancery.toml", "nonsense", "unknown key"),
        ("environment: CHANCERY_LIMITS__DEPHT", "limits.depht", "unknown key"),
        ("environment: CHANCERY_LOG__FORMAT", "log.format", "expected one of json, pretty"),
        ("", "limits.tokens", "from 1"),
        ("", "watch_phone", "E.164"),
    ] {
        let named = problems.iter().any(|line| [source, key, expected].iter().all(|part| line.contains(part)));
        assert!(named, "{source} {key} {expected}: {problems:#?}");
    }
    assert_eq!(problems.len(), 9, "{problems:#?}");
}

#[test]
fn how_keys_are_fetched_is_within_bounds() {
    for (line, key) in [
        ("hosts = [\"https://idp.example.gov\"]", "keys.hosts"),
        ("hosts = [\"IDP.example.gov\"]", "keys.hosts"),
        ("hosts = [\"idp.example.gov:443\"]", "keys.hosts"),
        ("hosts = [\"\"]", "keys.hosts"),
        ("fresh_least_seconds = 59", "keys.fresh_least_seconds"),
        ("fresh_most_seconds = 299", "keys.fresh_most_seconds"),
        ("stale_seconds = 86401", "keys.stale_seconds"),
        ("fetch_seconds = 0", "keys.fetch_seconds"),
        ("fetch_seconds = 6", "keys.fetch_seconds"),
        ("body_bytes = 1023", "keys.body_bytes"),
        ("burst = 0", "keys.burst"),
        ("refill_seconds = 0", "keys.refill_seconds"),
        ("unknown_seconds = 0", "keys.unknown_seconds"),
    ] {
        let problems = parse(&format!("[keys]\n{line}\n"), &[]).expect_err(line);
        assert!(problems.len() == 1 && problems[0].starts_with(&format!("{key}: expected ")), "{line}: {problems:#?}");
    }
    let listed = [("CHANCERY_KEYS__HOSTS", "[\"idp.example.gov\", \"keys.example.gov\"]")];
    assert_eq!(parse("", &listed).expect("good").keys.hosts, ["idp.example.gov", "keys.example.gov"]);
}

#[test]
fn the_password_is_told_nowhere() {
    let url = "postgres://chancery:hunter2@db/chancery";
    let config = parse("", &[("DATABASE_URL", url)]).expect("good");
    assert!(config.show().contains("database_url"));
    assert!(!config.show().contains("hunter2") && !format!("{config:?}").contains("hunter2"));
    let broken_lines = [
        format!("database_url = \"{url}\" oops"),
        format!("database_url = \"mysql{url}\""),
        format!("databse_url = \"{url}\""),
        format!("database_url = [\"{url}\"]"),
        format!("listen = \"{url}\""),
    ];
    for text in broken_lines {
        let problems = parse(&text, &[]).expect_err("wrong");
        assert!(!problems.concat().contains("hunter2"), "{problems:?}");
        assert!(
            problems.concat().contains("chancery.toml") || problems.concat().contains("database_url"),
            "{problems:?}"
        );
    }
}

/// `config` knows no roles: here it is held against those there are.
#[test]
fn every_role_may_have_a_cost_of_its_own() {
    for role in Role::ALL {
        let text = format!("[limits.role.{}]\ncost = 7\n", role.name().to_lowercase());
        let limits = parse(&text, &[]).expect("a role").limits;
        for other in Role::ALL {
            assert_eq!(limits.of_role(other.name()).cost == 7, other == role, "{role} {other}");
        }
    }
}
