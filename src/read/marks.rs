//! What a statement marks in its answer, taken out of the text on its way out.
//!
//! A mark stands between two nonces, random texts of one statement: no text of a row can hold one. There are two kinds:
//! the position of a cursor, which is sealed where it stands, and a disclosure, which says of a row how deep its object
//! goes. A disclosure is a member of the object, the first, under a key that no response key can be; it is taken out
//! whole. The text is not read as JSON for it: it is cut at the nonces.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::{
    access::Tiers,
    error::{Error, Result},
};

/// The key of the member that holds a disclosure: no GraphQL name.
pub(super) const MEMBER: &str = "!";
/// What the mark of a disclosure begins with; a cursor's begins with digits.
pub(super) const DISCLOSED: char = '!';

/// Which rows were disclosed beyond the directory and contact, by their public ids, at which tiers.
pub type Disclosed = BTreeMap<String, Tiers>;

/// Takes the marks out of a text: disclosures are noted, what `seal` makes of any other mark stays.
pub(super) fn take_out(
    text: &str,
    nonce: &str,
    seal: impl Fn(&str) -> Option<String>,
    disclosed: &mut Disclosed,
) -> Result<String> {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut pieces = pieces(text, nonce);
    out.push_str(pieces.next().unwrap_or_default());
    // Marks come in pairs: marked, rest, marked, rest …
    while let (Some(marked), rest) = (pieces.next(), pieces.next()) {
        let mut rest = rest.unwrap_or_default();
        if let Some(mark) = marked.strip_prefix(DISCLOSED) {
            // An answer that still held a mark would not be what it is without one.
            let cut = note(mark, disclosed).and_then(|()| before(&out)).zip(after(rest));
            let (kept, next) = cut.ok_or_else(|| Error::internal("a mark that is not where it was put"))?;
            out.truncate(kept);
            rest = next;
        } else if let Some(sealed) = seal(marked) {
            out.push_str(&sealed);
        }
        out.push_str(rest);
    }
    Ok(out)
}

/// The text cut at each nonce.
fn pieces<'t>(text: &'t str, nonce: &str) -> impl Iterator<Item = &'t str> {
    let finder = memmem::Finder::new(nonce).into_owned();
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let cut = finder.find(text.as_bytes()).and_then(|at| text.split_at_checked(at));
        let Some((piece, after)) = cut else { return Some(text) };
        rest = after.get(finder.needle().len()..);
        Some(piece)
    })
}

/// `concern_01J…/12`: the row, and the tiers as bits; none where none of what was selected was open.
fn note(mark: &str, disclosed: &mut Disclosed) -> Option<()> {
    let (row, bits) = mark.split_once('/')?;
    let tiers = Tiers::from_bits(bits.parse().ok()?);
    if !tiers.is_empty() {
        *disclosed.entry(row.to_owned()).or_default() |= tiers;
    }
    Some(())
}

/// How much of a text stays that ends with the member's key, a colon and a quotation mark. Engines write JSON with and
/// without spaces.
fn before(text: &str) -> Option<usize> {
    let text = text.strip_suffix('"')?.trim_end_matches([' ', ':']);
    Some(text.strip_suffix('"')?.strip_suffix(MEMBER)?.strip_suffix('"')?.len())
}

/// What stays of a text that begins with the end of the member: it is never the last.
fn after(text: &str) -> Option<&str> {
    let text = text.strip_prefix("\",")?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (Option<String>, Disclosed) {
        let mut disclosed = Disclosed::new();
        let out = take_out(text, "NONCE", |mark| Some(format!("<{mark}>")), &mut disclosed);
        (out.ok(), disclosed)
    }

    #[test]
    fn a_disclosure_leaves_no_trace() {
        let (out, disclosed) = taken(
            r#"{"a":{"!":"NONCE!concern_1/4NONCE","title":"!"},"b":[{"!" : "NONCE!concern_1/8NONCE", "x" : 1}],"c":"NONCE00[]NONCE","d":{"!":"NONCE!mission_2/0NONCE","y":null}}"#,
        );
        assert_eq!(out.as_deref(), Some(r#"{"a":{"title":"!"},"b":[{"x" : 1}],"c":"<00[]>","d":{"y":null}}"#));
        assert_eq!(disclosed, Disclosed::from([("concern_1".to_owned(), Tiers::from_bits(12))]));
    }

    #[test]
    fn a_mark_elsewhere_never_leaves() {
        for text in [
            r#"{"?":"NONCE!concern_1/4NONCE","a":1}"#,
            r#"{"!":"NONCE!concern_1/4NONCE"}"#,
            r#"{"!":"xNONCE!concern_1/4NONCE","a":1}"#,
            r#"{"!":"NONCE!concern_1NONCE","a":1}"#,
            r#"{"!":"NONCE!concern_1/fourNONCE","a":1}"#,
        ] {
            assert_eq!(taken(text).0, None, "{text}");
        }
    }
}
