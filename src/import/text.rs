//! Values of dirty public files, made clean: what is not certain is nothing.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::clock;

/// Text in Unicode NFC, its white space single and its control characters gone; none if nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let visible: String = text.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Letters and digits alone, lower case, without accents, `saint` as `st`: two spellings of a county are equal.
pub(super) fn fold(name: &str) -> String {
    let plain: String = name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain
        .split(|c: char| c.is_whitespace() || c == '-')
        .map(|word| match word {
            "saint" => "st",
            "sainte" => "ste",
            word => word,
        })
        .flat_map(|word| word.chars().filter(|c| c.is_alphanumeric()))
        .collect()
}

/// A Wikidata item, from its id or from any of its addresses.
pub(super) fn qid(text: &str) -> Option<String> {
    let id = text.trim().rsplit('/').next()?;
    let digits = id.strip_prefix('Q')?;
    let valid = (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    (valid && !digits.starts_with('0')).then(|| id.to_owned())
}

/// A telephone number in E.164, from its international form only: a national one would be a guess. A number of
/// the North American plan must have its ten digits.
pub(super) fn phone(text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix("tel:").unwrap_or(text).trim().strip_prefix('+')?;
    if !rest.chars().all(|c| c.is_ascii_digit() || " -.()\u{a0}\u{2011}\u{2013}".contains(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let first = |at: usize| digits.get(at..=at).unwrap_or("0");
    let valid = match first(0) {
        "0" => false,
        "1" => digits.len() == 11 && first(1) > "1" && first(4) > "1",
        _ => (8..=15).contains(&digits.len()),
    };
    valid.then(|| format!("+{digits}"))
}

/// An addr-spec (RFC 5322) in its everyday form, without `mailto:` and what may follow a `?`.
pub(super) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let address = match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => text.get(7..)?.split('?').next()?,
        _ => text,
    };
    let (local, domain) = address.split_once('@')?;
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        let edges = label.starts_with('-') || label.ends_with('-');
        !label.is_empty() && !edges && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let local_ok = !local.is_empty() && local.chars().all(atom) && !local.starts_with('.') && !local.ends_with('.');
    let domain_ok = domain.contains('.') && domain.split('.').all(label);
    (local_ok && domain_ok && address.len() <= 254).then(|| address.to_owned())
}

/// An address of the web: `http` or `https`, and a host.
pub(super) fn website(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let visible = text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c));
    let host_ok = host.contains('.') && !host.contains('@') && !host.starts_with('.');
    (visible && host_ok && text.len() <= 2048).then(|| text.to_owned())
}

/// The day of an instant. Wikidata writes a year alone as its first of January: it is kept as given.
pub(super) fn day(text: &str) -> Option<String> {
    clock::parse_instant(text.trim()).and_then(|at| clock::instant(at).get(..10).map(str::to_owned))
}

/// Latitude and longitude in degrees, WGS 84. `-9,-9` and `0,0` stand for "not known" in the public files.
pub(super) fn coordinates(latitude: &str, longitude: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = (latitude.trim().parse::<f64>().ok()?, longitude.trim().parse::<f64>().ok()?);
    let in_range = latitude.is_finite() && latitude.abs() <= 90.0 && longitude.is_finite() && longitude.abs() <= 180.0;
    let unknown = [(-9.0, -9.0), (0.0, 0.0)]
        .iter()
        .any(|(a, b): &(f64, f64)| (a - latitude).abs() < 1e-9 && (b - longitude).abs() < 1e-9);
    (in_range && !unknown).then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_and_its_space_single() {
        assert_eq!(clean(" Sa\u{303}o\u{9} Tome\u{301} ").as_deref(), Some("São Tomé"));
        assert_eq!(clean(" \u{7} "), None);
        assert_eq!(fold("Doña Ana"), fold("Dona-Ana"));
        assert_eq!(fold("Saint Louis"), fold("St. Louis"));
        assert_eq!(fold("De Kalb"), fold("DeKalb"));
    }

    #[test]
    fn only_what_is_certain_is_kept() {
        assert_eq!(qid("http://www.wikidata.org/entity/Q889").as_deref(), Some("Q889"));
        assert_eq!([qid("Q"), qid("P31"), qid("Q0"), qid("")], [None, None, None, None]);
        assert_eq!(phone("+1 202-333-69-00").as_deref(), Some("+12023336900"));
        for text in ["202-555-0100", "+1 202 555 010", "+1 102 555 0100", "+1 202 555 0100 ext 3", "+0 12345678", ""] {
            assert_eq!(phone(text), None, "{text}");
        }
        assert_eq!(email("mailto:usa@mofa.example?subject=x").as_deref(), Some("usa@mofa.example"));
        for text in ["", "a@b", "a b@c.example", "@c.example", "a@-c.example", "a@c..example", "a@b@c.example"] {
            assert_eq!(email(text), None, "{text}");
        }
        assert!(website("https://embassy.example/en").is_some());
        for text in ["javascript:alert(1)", "ftp://a.example", "http://", "http://a b.example", "https://x@y.example"] {
            assert_eq!(website(text), None, "{text}");
        }
        assert_eq!(day("1901-01-01T00:00:00Z").as_deref(), Some("1901-01-01"));
        assert_eq!(day("-0300-01-01T00:00:00Z"), None);
        assert_eq!(coordinates("-9", "-9"), None);
        assert_eq!(coordinates("NaN", "1"), None);
        assert_eq!(coordinates("38.9", "-77.0"), Some((38.9, -77.0)));
    }
}
