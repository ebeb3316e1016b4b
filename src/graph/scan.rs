//! A look at a document's text before the parser sees it: bytes, lexical tokens, nesting.
//!
//! One pass, no allocation, no recursion. It need not be exact about what is valid, only never count less than
//! the parser will meet.

use crate::error::{Code, Error, Result};

/// Brackets in brackets, at most: the parser recurses for each.
const DEEPEST_NESTING: usize = 100;

/// Counts lexical tokens; refuses a text with too many of them or too deep a nesting.
pub fn scan(text: &str, most_tokens: usize) -> Result<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut nesting) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => {
                at += 1;
                continue;
            }
            b'#' => {
                at = skip_comment(bytes, at);
                continue;
            }
            b'"' => at = skip_string(bytes, at).ok_or_else(unfinished)?,
            b'{' | b'[' | b'(' => {
                nesting += 1;
                at += 1;
            }
            b'}' | b']' | b')' => {
                nesting = nesting.saturating_sub(1);
                at += 1;
            }
            byte if is_word(byte) => {
                while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        tokens += 1;
        if nesting > DEEPEST_NESTING {
            return Err(too_complex(format!("nesting: at most {DEEPEST_NESTING} brackets deep")));
        }
        if tokens > most_tokens {
            return Err(too_complex(format!("tokens: at most {most_tokens}")));
        }
    }
    Ok(tokens)
}

/// The parser would read three quotes that nothing closes as an empty string and the beginning of another one, and
/// would meet all that stands behind them; by the specification (section 2.9.4) no document has them.
fn unfinished() -> Error {
    Error::new(Code::GraphqlParseFailed, "the document does not parse: a block string does not end")
}

/// An error of a limit.
pub(super) fn too_complex(message: String) -> Error {
    Error::new(Code::QueryTooComplex, message)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.')
}

fn skip_comment(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Where the string that starts here ends; `None` for a block string that does not.
fn skip_string(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = |at: usize| bytes.get(at..).unwrap_or_default();
    if rest(start).starts_with(b"\"\"\"") {
        let mut at = start + 3;
        while at < bytes.len() {
            if rest(at).starts_with(b"\\\"\"\"") {
                at += 4;
            } else if rest(at).starts_with(b"\"\"\"") {
                return Some(at + 3);
            } else {
                at += 1;
            }
        }
        return None;
    }
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            // An unfinished string ends at its line; the parser will refuse it.
            b'\n' | b'\r' => return Some(at),
            _ => at += 1,
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_tokens_and_not_what_is_ignored() {
        assert!(scan("{ a(b: \"{[(\", c: \"\"\"x \\\"\"\" {\"\"\") # {{{\n }", 11).is_ok());
        assert!(scan("{ a b c }", 4).is_err());
    }

    /// The parser takes `"""a"` for two strings when nothing closes the block.
    #[test]
    fn refuses_a_block_string_that_hides_the_rest() {
        let hidden = format!("{{ a(b: [\"\"\"x\" {}]) }}", "[".repeat(DEEPEST_NESTING));
        assert!(async_graphql_parser::parse_query("{ a(b: [\"\"\"x\"]) }").is_ok(), "the parser has changed");
        assert_eq!(scan(&hidden, 5000).map_err(|error| error.code), Err(Code::GraphqlParseFailed));
        assert!(scan("{ a(b: \"\"\"\"\"\") }", 8).is_ok(), "an empty block string ends");
        assert!(scan("{ a(b: \"\"\"x\\\"\"\") }", 5000).is_err(), "an escaped end is none");
    }

    #[test]
    fn refuses_deep_nesting_whatever_it_is_made_of() {
        for bracket in ["{", "[", "("] {
            assert!(scan(&bracket.repeat(DEEPEST_NESTING), 5000).is_ok());
            assert!(scan(&bracket.repeat(DEEPEST_NESTING + 1), 5000).is_err());
        }
    }
}
