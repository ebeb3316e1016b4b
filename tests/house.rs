//! The house stays as it was drawn: floors, sizes, names, and where decisions are made.
//!
//! The sources are read as text. Every law names the file and the line that break it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The floors, from the ground up. A module imports from lower floors only.
const FLOORS: [&[&str]; 11] = [
    &["config", "digest", "error", "telemetry", "clock", "id", "store"],
    &["access"],
    &["identity"],
    &["audit", "change", "model"],
    &["read"],
    &["desk", "live"],
    &["import"],
    &["demo", "graph"],
    &["export"],
    &["edge"],
    &["cli"],
];
/// Modules of the ground floor may know each other; on the others, neighbours do not.
const GROUND: usize = 0;
const LONGEST: usize = 400;
const WEASEL_NAMES: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "manager", "misc", "shared"];
/// Who may read rows through the mapper: everyone else goes through `read`, which cannot forget the scope.
const FINDERS: [&str; 6] = ["audit", "change", "desk", "import", "identity", "demo"];

/// One source file: its path from the root, the top-level module it belongs to, and its lines without comments.
struct Source {
    path: String,
    module: String,
    depth: usize,
    lines: Vec<String>,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let inner = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
        let parts: Vec<&str> = inner.split('/').filter(|part| *part != "mod").collect();
        let lines = text.lines().map(without_comment).collect();
        Self { path: path.to_owned(), module: parts[0].to_owned(), depth: parts.len(), lines }
    }

    fn is_root(&self) -> bool {
        matches!(self.path.as_str(), "src/main.rs" | "src/lib.rs")
    }

    /// The top-level modules that the file names, each with its line.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let up = "super::".repeat(self.depth);
            for root in ["crate::", up.as_str()] {
                for (at, _) in line.match_indices(root) {
                    let rest = format!("{}{}", &line[at + root.len()..], self.lines[index + 1..].join("\n"));
                    found.extend(first_names(&rest).into_iter().map(|name| (index + 1, name)));
                }
            }
        }
        found
    }

    /// Lines that hold one of the patterns, as complaints.
    fn complain(&self, patterns: &[&str], law: &str) -> Vec<String> {
        let hit = |line: &String| patterns.iter().any(|pattern| line.contains(pattern));
        let lines = self.lines.iter().enumerate().filter(|(_, line)| hit(line));
        lines.map(|(index, line)| format!("{}:{}: {law}: {}", self.path, index + 1, line.trim())).collect()
    }
}

fn without_comment(line: &str) -> String {
    if line.trim_start().starts_with("//") {
        return String::new();
    }
    line.split(" // ").next().unwrap_or_default().to_owned()
}

/// The first names of a path: one, or those of the group `{a::b, c::{d, e}}` that it opens with.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// What breaks the floors in one file.
fn steps_up(source: &Source) -> Vec<String> {
    if source.is_root() {
        return Vec::new();
    }
    let Some(own) = floor(&source.module) else {
        return vec![format!("{}: `{}` stands on no floor: give it one in tests/house.rs", source.path, source.module)];
    };
    let mut complaints = Vec::new();
    for (line, name) in source.imports() {
        let Some(other) = floor(&name) else { continue };
        let allowed = name == source.module || other < own || (own == GROUND && other == GROUND);
        if !allowed {
            complaints.push(format!(
                "{}:{line}: `{}` must not import `{name}`: imports go down only",
                source.path, source.module
            ));
        }
    }
    complaints
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(under: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(under)];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                waiting.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                found.push(entry);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no sources under {under}");
    found
}

fn sources(under: &str) -> Vec<Source> {
    let relative =
        |path: &Path| path.strip_prefix(root()).expect("below the root").display().to_string().replace('\\', "/");
    files(under).iter().map(|path| Source::new(&relative(path), &fs::read_to_string(path).expect("text"))).collect()
}

#[track_caller]
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn imports_go_down_only() {
    none(&sources("src").iter().flat_map(steps_up).collect::<Vec<_>>());
}

#[test]
fn access_knows_only_the_standard_library() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let dependencies =
        manifest.split("\n[dependencies]\n").nth(1).expect("dependencies").split("\n[").next().expect("a table");
    let crates: Vec<String> = dependencies
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['=', '.']).next())
        .map(|name| format!("{}::", name.trim().replace('-', "_")))
        .filter(|name| name.len() > 2)
        .collect();
    assert!(crates.iter().any(|name| name == "sea_orm::"), "{crates:?}");
    let mut complaints = Vec::new();
    for source in sources("src/access") {
        for (line, name) in source.imports().into_iter().filter(|(_, name)| name != "access") {
            complaints.push(format!("{}:{line}: access must not import `{name}`", source.path));
        }
        for (index, line) in source.lines.iter().enumerate() {
            for name in crates.iter().filter(|name| starts_a_path(line, name)) {
                complaints.push(format!("{}:{}: access must not use {name}", source.path, index + 1));
            }
        }
    }
    none(&complaints);
}

/// Whether the crate's name stands in the line as the head of a path, not as the tail of another name.
fn starts_a_path(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn security_is_decided_in_access_alone() {
    let tests = [
        "role ==",
        "role !=",
        "role() ==",
        "role() !=",
        "matches!(role",
        "matches!(self.role",
        "== Role::",
        "!= Role::",
    ];
    let outside = sources("src").into_iter().filter(|source| source.module != "access");
    none(&outside.flat_map(|source| source.complain(&tests, "a role is tested outside access")).collect::<Vec<_>>());
}

/// Every mutant of `access` and of the gate is to be caught: no list of those that need not be, and no mark in the code.
#[test]
fn no_mutant_is_excepted() {
    let settings = fs::read_to_string(root().join(".cargo/mutants.toml")).expect("the settings of cargo-mutants");
    assert!(settings.contains("examine_globs = [\"src/access/**\", \"src/read/gate.rs\"]"), "other files are examined");
    assert!(settings.contains("exclude_re = []"), "a mutant is excepted");
    for key in ["exclude_globs", "skip_calls"] {
        assert!(!settings.contains(key), "{key} excepts mutants");
    }
    let marks = ["mutants::skip", "mutants::exclude"];
    let marked = sources("src").into_iter().flat_map(|source| source.complain(&marks, "a mutant is excepted"));
    none(&marked.collect::<Vec<_>>());
}

#[test]
fn only_config_reads_the_environment() {
    let reads = ["std::env", "env::var", "option_env!", "Env::raw", "Env::prefixed", "(env", ", env"];
    let outside = sources("src").into_iter().filter(|source| source.module != "config");
    let complaints = outside.flat_map(|source| source.complain(&reads, "the environment is read outside config"));
    none(&complaints.collect::<Vec<_>>());
}

/// What the reader runs comes from the planner: a plan made elsewhere could forget the gate.
#[test]
fn only_the_planner_makes_plans() {
    let outside = sources("src").into_iter().filter(|source| !source.path.starts_with("src/read/plan/"));
    none(&outside.flat_map(|source| source.complain(&["Plan {"], "a plan is made by hand")).collect::<Vec<_>>());
}

#[test]
fn rows_are_read_through_the_scope() {
    let finders = ["Entity::find", "::find_by_id(", ".find_related(", ".find_linked(", "find_by_statement("];
    let outside = sources("src").into_iter().filter(|source| !FINDERS.contains(&source.module.as_str()));
    none(
        &outside.flat_map(|source| source.complain(&finders, "a raw finder goes round the scope")).collect::<Vec<_>>(),
    );
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut complaints = Vec::new();
    for path in ["src", "entity/src", "migration/src", "tests"].into_iter().flat_map(files) {
        let shown = path.strip_prefix(root()).expect("below the root").display();
        let lines = fs::read_to_string(&path).expect("text").lines().count();
        if lines > LONGEST {
            complaints.push(format!("{shown}: {lines} lines; at most {LONGEST}"));
        }
        let stem = path.file_stem().expect("a name").to_string_lossy();
        let named =
            path.components().map(|part| part.as_os_str().to_string_lossy()).any(|part| WEASEL_NAMES.contains(&&*part));
        if named || WEASEL_NAMES.contains(&&*stem) {
            complaints.push(format!("{shown}: the name does not say what is in it"));
        }
    }
    let main = fs::read_to_string(root().join("src/main.rs")).expect("main").lines().count();
    if main > 40 {
        complaints.push(format!("src/main.rs: {main} lines; at most 40"));
    }
    none(&complaints);
}

#[test]
fn the_laws_see_what_breaks_them() {
    let up = |path: &str, text: &str| steps_up(&Source::new(path, text)).len();
    assert_eq!(up("src/read/gate.rs", "use crate::graph::Schema;"), 1);
    assert_eq!(up("src/read/gate.rs", "use crate::{\n    access::Role,\n    desk::{Work, edge},\n    edge,\n};"), 2);
    assert_eq!(up("src/read/gate.rs", "fn f() { crate::cli::main(); super::super::edge::serve(); }"), 2);
    assert_eq!(
        up("src/read/gate.rs", "// crate::cli\nuse crate::{access::Role, read::page, store};\nuse super::sql;"),
        0
    );
    assert_eq!(up("src/store.rs", "use crate::error::Result;\nmod tests { use super::*; }"), 0);
    assert_eq!(up("src/demo/mod.rs", "use crate::graph::Schema;"), 1);
    assert_eq!(up("src/attic.rs", ""), 1);
    assert!(starts_a_path("use time::Duration;", "time::") && !starts_a_path("std::time::Duration", "time::"));
    assert_eq!(
        Source::new("src/desk/a.rs", "if principal.role == Role::Analyst {").complain(&["role =="], "x").len(),
        1
    );
}
