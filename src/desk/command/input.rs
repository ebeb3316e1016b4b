//! The input of a command: read by name, judged field by field.

use time::{Duration, OffsetDateTime};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    access::{Cui, Kind, Tier, Tiers},
    clock,
    desk::{
        is_invisible,
        registry::{is_claim, is_e164, is_https, is_ori, is_state, is_token_type},
    },
    digest::sha256_hex,
    error::{Error, Step},
    model::{
        mutation::{Given, IDEMPOTENCY_KEY, Mutation, Rule},
        parse_id,
    },
    read::value::Value,
};

/// By how much a client's clock may be ahead of ours.
const AHEAD: Duration = Duration::minutes(5);

/// What was given, coerced by its types and judged by its rules; texts are in NFC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input(Vec<(String, Value)>);

impl Input {
    /// Judges what was given: one error for each field that is not as it must be, with its place in the input and
    /// what was expected.
    pub fn judge(mutation: &Mutation, given: &Value, now: OffsetDateTime) -> Result<Self, Vec<Error>> {
        let Value::Object(fields) = given else { return Err(vec![Error::input("input: expected an object")]) };
        let mut judged = Vec::with_capacity(fields.len());
        let mut errors = Vec::new();
        for (name, value) in fields {
            let Some(known) = mutation.fields().find(|field| field.name == name) else { continue };
            let value = in_nfc(value);
            if fits(&known, &value, now) {
                judged.push((name.clone(), value));
            } else {
                errors.push(wrong(&known));
            }
        }
        if errors.is_empty() { Ok(Self(judged)) } else { Err(errors) }
    }

    /// A value that was given and is not null.
    fn get(&self, name: &str) -> Option<&Value> {
        self.given(name).filter(|value| **value != Value::Null)
    }

    /// A value that was given, null among them.
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value)
    }

    /// A text, or an enum's value.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Value::Text(text) | Value::Enum(text)) => Some(text),
            _ => None,
        }
    }

    /// A text that must be there: the coercion has made sure of it.
    pub fn must(&self, name: &str) -> String {
        self.text(name).unwrap_or_default().to_owned()
    }

    /// A text as a row holds it.
    pub fn maybe(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// The row id in an id of the type: empty, which is no row's, when there is none.
    pub fn row(&self, name: &str, kind: Kind) -> String {
        let found = self.text(name).and_then(parse_id).filter(|(of, _)| *of == kind);
        found.map(|(_, row)| row.to_owned()).unwrap_or_default()
    }

    /// The ids that were given, of whatever type, as they were given: those that are ids as we write them. Whether
    /// there is such a row is not asked.
    pub fn named(&self) -> Vec<String> {
        let texts = self.0.iter().filter_map(|(_, value)| match value {
            Value::Text(text) => Some(text),
            _ => None,
        });
        texts.filter(|text| parse_id(text).is_some()).cloned().collect()
    }

    /// Whether a row was named.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(Value::Float(number)) => Some(*number),
            #[allow(clippy::cast_precision_loss, reason = "an Int of 32 bits fits a double exactly")]
            Some(Value::Int(number)) => Some(*number as f64),
            _ => None,
        }
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether it says true.
    pub fn says(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|item| match item {
                    Value::Text(text) | Value::Enum(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            Some(Value::Text(text) | Value::Enum(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// SHA-256 of all but the idempotency key, hexadecimal: whether two inputs are one.
    pub fn hash(&self) -> String {
        let body: Vec<&(String, Value)> = self.0.iter().filter(|(name, _)| name != IDEMPOTENCY_KEY).collect();
        // The debugging form tells types and texts apart, quotes included, and is the same for the same values.
        sha256_hex(format!("{body:?}"))
    }
}

/// The error of a field that is not as it must be.
pub fn wrong(given: &Given) -> Error {
    refused(given.name, &given.judged_by().expectation())
}

/// The error of a field of the input: where it is, and what was expected.
pub fn refused(field: &str, expected: &str) -> Error {
    Error::input(format!("input.{field}: expected {expected}"))
        .with("input", serde_json::json!(["input", field]))
        .with("expected", expected.into())
}

/// The place of a field of `Mutation` in a response.
pub fn place(key: &str) -> Vec<Step> {
    vec![Step::Key(key.to_owned())]
}

fn in_nfc(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.nfc().collect()),
        Value::List(items) => Value::List(items.iter().map(in_nfc).collect()),
        other => other.clone(),
    }
}

fn fits(given: &Given, value: &Value, now: OffsetDateTime) -> bool {
    match (given.judged_by(), value) {
        // What may be left out may be null, and what must not is refused by its type. Whether an id has a row is asked
        // later, and answered alike whatever the text is.
        (_, Value::Null) | (Rule::Any, _) | (Rule::Id(_), Value::Text(_)) => true,
        (Rule::Line(most), Value::Text(text)) => is_line(text, most),
        (Rule::Text(most), Value::Text(text)) => is_text(text, most),
        (Rule::Lines(most, length), Value::List(items)) => {
            items.len() <= most && items.iter().all(|item| matches!(item, Value::Text(text) if is_line(text, length)))
        }
        (Rule::Within(low, high), Value::Float(number)) => (f64::from(low)..=f64::from(high)).contains(number),
        (Rule::Within(low, high), Value::Int(number)) => (i64::from(low)..=i64::from(high)).contains(number),
        (Rule::Tiers, Value::Text(letters)) => Tiers::parse(letters)
            .is_some_and(|tiers| tiers.has(Tier::D) && !tiers.has(Tier::I) && tiers.to_string() == *letters),
        (Rule::Sha256, Value::Text(digits)) => digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()),
        (Rule::Banner, Value::Text(banner)) => is_line(banner, 255) && banner.parse::<Cui>().is_ok(),
        (Rule::Past, Value::Text(at)) => clock::parse_instant(at).is_some_and(|at| at <= now + AHEAD),
        (Rule::Issuer, Value::Text(url)) => is_claim(url) && is_https(url),
        (Rule::Claim, Value::Text(text)) => is_claim(text) && is_line(text, 255),
        (Rule::TokenType, Value::Text(text)) => is_token_type(text),
        (Rule::Ori, Value::Text(text)) => is_ori(text),
        (Rule::State, Value::Text(text)) => is_state(text),
        (Rule::Website, Value::Text(url)) => is_line(url, 255) && is_website(url),
        (Rule::Email, Value::Text(text)) => is_line(text, 254) && is_email(text),
        (Rule::Phone, Value::Text(text)) => is_e164(text),
        (Rule::Ahead, Value::Text(at)) => clock::parse_instant(at).is_some_and(|at| at > now),
        _ => false,
    }
}

fn is_line(text: &str, most: usize) -> bool {
    is_said(text, most) && !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

fn is_text(text: &str, most: usize) -> bool {
    is_said(text, most) && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Not blank, not too long, and all of it to be seen: what reverses or hides text lies to who reads it.
fn is_said(text: &str, most: usize) -> bool {
    text.chars().any(is_mark) && text.chars().nth(most).is_none() && !text.chars().any(is_invisible)
}

/// Of the schemes that a browser follows anywhere, and nobody's name and password.
fn is_website(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    matches!(uri.scheme_str(), Some("http" | "https"))
        && !uri.host().unwrap_or("").is_empty()
        && !authority.contains('@')
}

/// A local part without spaces, and a domain of letters, digits and hyphens: what goes to one mailbox. Quoted local parts
/// and lists are refused.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_plain = |c: char| !c.is_whitespace() && !"@,;:<>()[]\\\"".contains(c);
    !local.is_empty() && local.chars().all(is_plain) && domain.contains('.') && domain.split('.').all(is_label)
}

/// Whether a character leaves a mark: neither space, nor a joiner, nor one that only changes its neighbour.
fn is_mark(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bounded_in_characters_and_shows_what_it_says() {
        assert!(is_line("Doña 日本", 7) && !is_line("Doña 日本x", 7));
        for text in
            ["", " ", "\u{3000}", "a\u{0}", "a\nb", "a\u{202e}b", "a\u{85}", "a\u{2028}b", "\u{200c}", "\u{2800} "]
        {
            assert!(!is_line(text, 100), "{text:?}");
        }
        assert!(is_text("a\n\tb\r\n", 100) && !is_text("a\u{7}", 100) && !is_text("\n", 100));
    }

    #[test]
    fn a_website_is_where_a_browser_goes() {
        assert!(is_website("https://embassy.example/visas?x=1#top") && is_website("http://embassy.example:8080"));
        for url in [
            "ftp://embassy.example",
            "javascript:alert(1)",
            "embassy.example",
            "//embassy.example",
            "https://",
            "https://u:p@embassy.example",
            "https://a b.example",
            "",
        ] {
            assert!(!is_website(url), "{url}");
        }
    }

    #[test]
    fn an_address_is_one_mailbox() {
        assert!(
            is_email("watch@example.org")
                && is_email("o'neil+x.y@a-b.example.org")
                && is_email("señor@münchen.example")
        );
        for text in [
            "a b@example.org",
            "a@b",
            "a@b..org",
            "@example.org",
            "a@",
            "a@x.org,b@y.org",
            "A <a@x.org>",
            "a@b@c.org",
            "\"a\"@x.org",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn two_inputs_are_one_only_when_all_their_values_are() {
        let of = |fields: &[(&str, Value)]| Input(fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect());
        let text = |text: &str| Value::Text(text.to_owned());
        let one = of(&[("a", text("x")), ("b", Value::Int(1))]);
        assert_eq!(one.hash(), of(&[("a", text("x")), ("b", Value::Int(1)), (IDEMPOTENCY_KEY, text("k"))]).hash());
        for other in [
            of(&[("a", text("x"))]),
            of(&[("a", text("x")), ("b", Value::Text("1".to_owned()))]),
            of(&[("a", text("x\"), (\"b")), ("b", Value::Int(1))]),
            of(&[("a", Value::Enum("x".to_owned())), ("b", Value::Int(1))]),
        ] {
            assert_ne!(one.hash(), other.hash());
        }
    }
}
