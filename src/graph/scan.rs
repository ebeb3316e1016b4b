//! A look at a document's text before the parser sees it: bytes, lexical tokens, nesting.
//!
//! One pass, no recursion. It need not be exact about what is valid, only never count less than the parser will meet.
//! What the parser loses is seen here too: a field of an input object that stands twice (section 5.6.3), of which its
//! map would keep one.

use std::collections::HashSet;

use crate::error::{Code, Error, Result};

/// Brackets in brackets, at most: the parser recurses for each.
const DEEPEST_NESTING: usize = 100;

/// Bytes of a name, at most: the library tells names in its errors, a long one as often as there is something to say.
const LONGEST_NAME: usize = 255;

/// Counts lexical tokens; refuses a text with too many of them, too deep a nesting or too long a name, and input
/// objects that name a field twice.
pub fn scan(text: &str, most_tokens: usize) -> Result<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut nesting) = (0, 0_usize, 0_usize);
    let mut objects = Objects::default();
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
                objects.open(byte, tokens);
            }
            b'}' | b']' | b')' => {
                nesting = nesting.saturating_sub(1);
                at += 1;
                objects.brackets.pop();
            }
            b':' => {
                at += 1;
                objects.name()?;
            }
            b'-' | b'0'..=b'9' => at = skip_number(bytes, at),
            byte if is_of_name(byte) => {
                let start = at;
                at = skip_while(bytes, at, is_of_name);
                if at - start > LONGEST_NAME {
                    return Err(too_complex(format!("name: at most {LONGEST_NAME} bytes, and one is longer")));
                }
                objects.word = bytes.get(start..at).unwrap_or_default();
            }
            b'.' if bytes.get(at..).unwrap_or_default().starts_with(b"...") => at += 3,
            _ => at += 1,
        }
        tokens += 1;
        if nesting > DEEPEST_NESTING {
            return Err(too_complex(format!("nesting: at most {DEEPEST_NESTING} brackets deep, not {nesting}")));
        }
        if tokens > most_tokens {
            return Err(too_complex(format!("tokens: at most {most_tokens}, and there are more")));
        }
    }
    Ok(tokens)
}

/// The input objects that a text is in.
#[derive(Default)]
struct Objects<'a> {
    /// Brackets that are open: in arguments or not, and for an input object the token that it began with.
    brackets: Vec<(bool, Option<usize>)>,
    /// The last word: a name, when a colon follows.
    word: &'a [u8],
    /// Fields given, by object.
    given: HashSet<(usize, &'a [u8])>,
}

impl Objects<'_> {
    /// A brace in arguments, or in the default of a variable, opens an input object.
    fn open(&mut self, bracket: u8, token: usize) {
        let inside = bracket == b'(' || self.brackets.last().is_some_and(|(inside, _)| *inside);
        self.brackets.push((inside, (inside && bracket == b'{').then_some(token)));
    }

    fn name(&mut self) -> Result<()> {
        let Some((_, Some(object))) = self.brackets.last() else { return Ok(()) };
        if self.given.insert((*object, self.word)) {
            return Ok(());
        }
        let name = String::from_utf8_lossy(self.word);
        Err(Error::new(Code::GraphqlValidationFailed, format!("an input object has the field \"{name}\" twice")))
    }
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

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn skip_while(bytes: &[u8], mut at: usize, goes_on: impl Fn(u8) -> bool) -> usize {
    while bytes.get(at).is_some_and(|byte| goes_on(*byte)) {
        at += 1;
    }
    at
}

fn skip_comment(bytes: &[u8], at: usize) -> usize {
    skip_while(bytes, at, |byte| !matches!(byte, b'\n' | b'\r'))
}

/// Where the number that starts here ends. The parser lets the next one follow at once: `00-1` are three.
fn skip_number(bytes: &[u8], start: usize) -> usize {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let digits = |at: usize| skip_while(bytes, at, |byte| byte.is_ascii_digit());
    let mut at = start + usize::from(byte(start) == b'-');
    at = if byte(at) == b'0' { at + 1 } else { digits(at) };
    if byte(at) == b'.' && byte(at + 1).is_ascii_digit() {
        at = digits(at + 1);
    }
    if matches!(byte(at), b'e' | b'E') {
        let power = at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
        if byte(power).is_ascii_digit() {
            at = digits(power);
        }
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

    #[test]
    fn counts_what_follows_without_a_space() {
        for (text, tokens) in [
            ("...F...F", 4),
            ("[1-1-1]", 5),
            ("000", 3),
            ("-0.5e-10", 1),
            ("1.5E+3-2", 2),
            ("1.", 2),
            ("1e", 2),
            ("-", 1),
            ("..", 2),
            ("....", 2),
            ("0a", 2),
        ] {
            assert_eq!(scan(text, 500).ok(), Some(tokens), "{text}");
        }
    }

    #[test]
    fn refuses_a_long_name() {
        assert!(scan(&"a".repeat(LONGEST_NAME), 5).is_ok());
        assert!(scan(&"a".repeat(LONGEST_NAME + 1), 5).is_err());
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
    fn refuses_a_field_of_an_input_object_given_twice() {
        assert!(scan("{ a(b: {c: 1, d: {c: 1}, e: [{c: 1}, {c: 2}]}) { b: c c b: c } x: a(b: {c: C}) }", 500).is_ok());
        assert!(scan("query($a: A = {b: 1}, $c: A = {b: 2}) { a(b: $a) @x(b: {b: $b}) }", 500).is_ok());
        for twice in
            ["{ a(b: {c: 1, c: 1}) }", "{ a(b: [{c: {}, d: \"c:\", c :1}]) }", "query($a: A = {b: 1 b: 2}) { a }"]
        {
            let refused = scan(twice, 500).map_err(|error| error.code);
            assert_eq!(refused, Err(Code::GraphqlValidationFailed), "{twice}");
        }
    }

    #[test]
    fn refuses_deep_nesting_whatever_it_is_made_of() {
        for bracket in ["{", "[", "("] {
            assert!(scan(&bracket.repeat(DEEPEST_NESTING), 5000).is_ok());
            assert!(scan(&bracket.repeat(DEEPEST_NESTING + 1), 5000).is_err());
        }
    }
}
