//! Reads a configuration and names everything that is wrong with it at once.
//!
//! Each value is tried alone over the defaults, so that one mistake does not hide the next.

use std::{fmt, path::Path};

use figment::{
    Figment, Provider,
    error::{Actual, Kind},
    providers::{Format, Serialized, Toml},
    value::{Dict, Value},
};

use super::Config;

/// Read when no file is named and it is there.
pub const DEFAULT_FILE: &str = "chancery.toml";
const PREFIX: &str = "CHANCERY_";

/// Everything that is wrong, one line each: source, key, what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// One value that somebody set, and who did.
struct Setting {
    source: String,
    key: String,
    /// Read in this order; the environment has no types, so a number may be meant as text.
    readings: Vec<Value>,
}

impl Config {
    /// Reads the named file, or [`DEFAULT_FILE`] if it is there, and the program's environment over it:
    /// `CHANCERY_LISTEN`, `CHANCERY_LIMITS__DEPTH` (two underscores for the dot), and `DATABASE_URL`.
    pub fn load(file: Option<&Path>) -> Result<Self, Problems> {
        #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        let mut settings = Vec::new();
        let mut problems = Vec::new();
        let default = Path::new(DEFAULT_FILE);
        if let Some(path) = file.or_else(|| default.exists().then_some(default)) {
            match std::fs::read_to_string(path) {
                Ok(text) => read_file(&path.display().to_string(), &text, &mut settings, &mut problems),
                Err(error) => problems.push(format!("{}: cannot be read: {error}", path.display())),
            }
        }
        let mut named = Vec::new();
        for (name, value) in environment {
            match value.into_string() {
                Ok(value) => named.push((name, value)),
                Err(_) if key_of(&name).is_some() => problems.push(format!("environment: {name}: expected UTF-8")),
                Err(_) => {}
            }
        }
        read_environment(named, &mut settings);
        apply(settings, problems)
    }

    /// Reads the text of a file, and variables as the environment holds them over it.
    pub fn parse(source: &str, text: &str, environment: Vec<(String, String)>) -> Result<Self, Problems> {
        let (mut settings, mut problems) = (Vec::new(), Vec::new());
        read_file(source, text, &mut settings, &mut problems);
        read_environment(environment, &mut settings);
        apply(settings, problems)
    }

    /// The configuration as TOML, one `key = value` a line, secrets masked.
    pub fn show(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut lines = Vec::new();
        show_into("", &value, &mut lines);
        lines.join("\n")
    }
}

fn show_into(prefix: &str, value: &serde_json::Value, lines: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                show_into(&key, member, lines);
            }
        }
        serde_json::Value::Null => lines.push(format!("# {prefix} is not set")),
        value => lines.push(format!("{prefix} = {value}")),
    }
}

fn read_file(source: &str, text: &str, settings: &mut Vec<Setting>, problems: &mut Vec<String>) {
    match Toml::string(text).data() {
        Ok(profiles) => {
            for dict in profiles.into_values() {
                leaves("", dict, &mut |key, value| {
                    settings.push(Setting { source: source.to_owned(), key, readings: vec![value] });
                });
            }
        }
        Err(error) => {
            // The parser quotes the line it stopped at, which may hold the database's password.
            let message = error.to_string();
            let told: Vec<&str> =
                message.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains('|')).collect();
            problems.push(format!("{source}: {}", told.join(": ")));
        }
    }
}

fn leaves(prefix: &str, dict: Dict, found: &mut impl FnMut(String, Value)) {
    for (name, value) in dict {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Dict(_, inner) if !inner.is_empty() => leaves(&key, inner, found),
            value => found(key, value),
        }
    }
}

fn read_environment(environment: Vec<(String, String)>, settings: &mut Vec<Setting>) {
    let mut named: Vec<(String, String, String)> =
        environment.into_iter().filter_map(|(name, value)| Some((key_of(&name)?, name, value))).collect();
    // DATABASE_URL is what platforms set; our own variable wins over it.
    named.sort_by(|(_, a, _), (_, b, _)| a.starts_with(PREFIX).cmp(&b.starts_with(PREFIX)).then_with(|| a.cmp(b)));
    for (key, name, value) in named {
        let typed = value.parse::<Value>().ok();
        let readings = typed.into_iter().chain([Value::from(value)]).collect();
        settings.push(Setting { source: format!("environment: {name}"), key, readings });
    }
}

fn key_of(variable: &str) -> Option<String> {
    match variable {
        "DATABASE_URL" => Some("database_url".to_owned()),
        name => name.strip_prefix(PREFIX).map(|rest| rest.to_ascii_lowercase().replace("__", ".")),
    }
}

fn apply(settings: Vec<Setting>, mut problems: Vec<String>) -> Result<Config, Problems> {
    let defaults = || Figment::from(Serialized::defaults(Config::default()));
    let mut whole = defaults();
    for Setting { source, key, readings } in settings {
        let mut first = None;
        let good = readings.into_iter().find(|value| {
            match defaults().merge(Serialized::default(&key, value)).extract::<Config>() {
                Ok(_) => true,
                Err(error) => {
                    first.get_or_insert(error);
                    false
                }
            }
        });
        match (good, first) {
            (Some(value), _) => whole = whole.merge(Serialized::default(&key, value)),
            (None, Some(error)) => problems.extend(error.into_iter().map(|e| format!("{source}: {key}: {}", told(&e)))),
            (None, None) => {}
        }
    }
    let config = whole.extract::<Config>().map_err(|error| Problems(vec![told(&error)]))?;
    problems.extend(config.mistakes().into_iter().map(|(key, expected)| format!("{key}: {expected}")));
    if problems.is_empty() { Ok(config) } else { Err(Problems(problems)) }
}

/// In an operator's words. A value is quoted only where it cannot be a secret.
fn told(error: &figment::Error) -> String {
    let name = |expected: &str| match expected {
        "usize" | "u64" | "u32" | "u16" => "a whole number".to_owned(),
        "f64" => "a number".to_owned(),
        "path string" => "a path".to_owned(),
        other => other.to_owned(),
    };
    match &error.kind {
        Kind::UnknownField(field, known) => format!("unknown key `{field}`; known here: {}", known.join(", ")),
        Kind::UnknownVariant(value, known) => format!("found `{value}`, expected one of {}", known.join(", ")),
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
            format!("found {}, expected {}", kind(actual), name(expected))
        }
        Kind::Message(message) if message.contains("socket address") => {
            "expected an address and a port such as 127.0.0.1:8080".to_owned()
        }
        other => other.to_string(),
    }
}

const fn kind(actual: &Actual) -> &'static str {
    match actual {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) => "a number",
        Actual::Signed(_) => "a negative number",
        Actual::Float(_) => "a fraction",
        Actual::Char(_) | Actual::Str(_) => "text",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        _ => "something else",
    }
}
