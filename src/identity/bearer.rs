//! The token of an `Authorization` header (RFC 6750 §2.1; RFC 9110 §11.4).

use super::Refusal;

/// The token of the one `Authorization` header line. The scheme is compared without regard to case; one or more
/// spaces follow it; the token is passed on as it stands, so that anything else about it is malformed there.
pub(super) fn token<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Result<&'a str, Refusal> {
    let mut lines = lines.into_iter();
    let line = lines.next().ok_or(Refusal::Missing)?;
    if lines.next().is_some() {
        return Err(Refusal::Header("given more than once"));
    }
    let line = std::str::from_utf8(line).map_err(|_| Refusal::Header("not text"))?;
    let (scheme, token) = line.split_once(' ').ok_or(Refusal::Header("no token after the scheme"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::Header("another scheme"));
    }
    Ok(token.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_one_scheme_one_token() {
        for line in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c"] {
            assert_eq!(token([line.as_bytes()]).ok(), Some("a.b.c"), "{line}");
        }
        assert!(matches!(token([]), Err(Refusal::Missing)));
        assert!(matches!(token([b"Bearer a".as_slice(), b"Bearer a"]), Err(Refusal::Header(_))));
        for line in [b"Basic YTpi".as_slice(), b"Bearer", b"", b" Bearer a", b"Bearer\ta", b"Bearer\xff a"] {
            assert!(matches!(token([line]), Err(Refusal::Header(_))), "{line:?}");
        }
    }
}
