//! Row ids: UUIDv7 (RFC 9562) as 26 characters of Crockford base32, ordered as they were made.
//!
//! The database stores the 26 characters; the graph shows them behind the type's prefix, `mission_01J…`.

use time::OffsetDateTime;
use uuid::{NoContext, Timestamp, Uuid};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of an id.
pub const LENGTH: usize = 26;

/// A new id, made at the given time.
pub fn new(at: OffsetDateTime) -> String {
    let seconds = u64::try_from(at.unix_timestamp()).unwrap_or(0);
    encode(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.nanosecond())).as_u128())
}

/// 128 bits as 26 characters; the first carries three bits.
pub fn encode(bits: u128) -> String {
    (0..LENGTH)
        .rev()
        .map(|place| {
            let digit = usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0);
            char::from(ALPHABET.get(digit).copied().unwrap_or(b'0'))
        })
        .collect()
}

/// Whether the text is an id as [`new`] writes them: canonical, upper case, nothing else.
pub fn is_valid(text: &str) -> bool {
    text.len() == LENGTH
        && text.bytes().all(|byte| ALPHABET.contains(&byte))
        && text.bytes().next().is_some_and(|first| first <= b'7')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_valid_and_ordered_in_time() {
        let at = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
        let first = new(at);
        let second = new(at + time::Duration::milliseconds(2));
        assert!(is_valid(&first) && is_valid(&second));
        assert!(first < second);
        assert_ne!(new(at), new(at));
    }

    #[test]
    fn only_the_canonical_form_is_valid() {
        assert!(is_valid("01J00000000000000000000000"));
        assert_eq!(encode(u128::MAX), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        for text in ["", "01j00000000000000000000000", "81J00000000000000000000000", "01J0000000000000000000000O", "é"]
        {
            assert!(!is_valid(text), "{text}");
        }
    }
}
