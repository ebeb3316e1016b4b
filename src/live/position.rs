//! Where a stream goes on from: the number of a change, sealed for one bearer.
//!
//! Between two events that somebody is told of lie those that are none of their business, and how many there were is
//! none either. So a position is encrypted under a random nonce: two of them cannot be compared.

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    digest, hmac,
};
use data_encoding::BASE64URL_NOPAD;

use crate::{
    error::{Error, Result},
    id,
};

/// Rows that were told ahead that a position names, at most; of others it may be told again what was told.
const MOST_AHEAD: usize = 6;
/// Bytes of one of them.
const AHEAD: usize = 8 + id::LENGTH;
/// Bytes of a position before it is sealed, whatever it says: its length tells nothing.
const PLAIN: usize = 24 + MOST_AHEAD * AHEAD;

/// A place in the log of changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The number of the last change that was dealt with.
    pub sequence: i64,
    /// Of the keys that were held then: see [`fingerprint`].
    pub standing: u64,
    /// Of the selection and the filter under which rows were told ahead.
    pub topic: u64,
    /// Rows that were told as they were after a later change, and which: until then nothing of them is missing.
    pub ahead: Vec<(String, i64)>,
}

/// Seals positions and opens them. Servers of one database share the secret.
pub struct Positions(RandomizedNonceKey);

impl fmt::Debug for Positions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Positions")
    }
}

impl Positions {
    /// With the installation's secret.
    pub fn new(secret: &[u8]) -> Result<Self> {
        let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"chancery stream position");
        let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_ref());
        Ok(Self(key.map_err(|_| Error::internal("no key for positions of streams"))?))
    }

    /// A position as a client is given it.
    pub fn seal(&self, bearer: &str, position: &Position) -> Result<String> {
        let Position { sequence, standing, topic, ahead } = position;
        let mut bytes = sequence.to_be_bytes().to_vec();
        bytes.extend(standing.to_be_bytes());
        bytes.extend(topic.to_be_bytes());
        for (row, until) in ahead.iter().rev().take(MOST_AHEAD).filter(|(row, _)| row.len() == id::LENGTH) {
            bytes.extend(until.to_be_bytes());
            bytes.extend(row.as_bytes());
        }
        bytes.resize(PLAIN, 0);
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(bearer.as_bytes()), &mut bytes)
            .map_err(|_| Error::internal("a position could not be sealed"))?;
        bytes.extend(nonce.as_ref());
        Ok(BASE64URL_NOPAD.encode(&bytes))
    }

    /// The position that a client gives back; none where it is not one that was given to this bearer.
    pub fn open(&self, bearer: &str, sealed: &str) -> Option<Position> {
        let mut bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let nonce = bytes.split_off(bytes.len().checked_sub(NONCE_LEN)?);
        let nonce = Nonce::try_assume_unique_for_key(&nonce).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::from(bearer.as_bytes()), &mut bytes).ok()?;
        let (sequence, rest) = plain.split_first_chunk::<8>()?;
        let (standing, rest) = rest.split_first_chunk::<8>()?;
        let (topic, rest) = rest.split_first_chunk::<8>()?;
        let ahead = rest.chunks(AHEAD).filter(|chunk| chunk.iter().any(|byte| *byte != 0)).map(|chunk| {
            let (until, row) = chunk.split_first_chunk::<8>()?;
            Some((std::str::from_utf8(row).ok()?.to_owned(), i64::from_be_bytes(*until)))
        });
        Some(Position {
            sequence: i64::from_be_bytes(*sequence),
            standing: u64::from_be_bytes(*standing),
            topic: u64::from_be_bytes(*topic),
            ahead: ahead.collect::<Option<_>>()?,
        })
    }
}

/// Another number for other texts: keys, or what is asked.
pub fn fingerprint(keys: &[String]) -> u64 {
    let mut context = digest::Context::new(&digest::SHA256);
    for key in keys {
        context.update(&u64::try_from(key.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(key.as_bytes());
    }
    let digest = context.finish();
    digest.as_ref().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_opens_for_its_bearer_only_and_tells_nothing() {
        let positions = Positions::new(b"a secret of the tests").expect("a key");
        let ahead = vec![("0000000000000000000N000001".to_owned(), 9)];
        let position =
            Position { sequence: 7, standing: fingerprint(&["e".to_owned(), "p:1".to_owned()]), topic: 5, ahead };
        let sealed = positions.seal("one", &position).expect("sealed");
        assert_eq!(positions.open("one", &sealed).as_ref(), Some(&position));
        let none = Position { sequence: 1 << 40, ..Position::default() };
        assert_eq!(positions.seal("one", &none).expect("sealed").len(), sealed.len(), "its length tells");
        assert_eq!(positions.open("another", &sealed), None);
        assert_ne!(positions.seal("one", &position).expect("sealed"), sealed, "two of one place can be compared");
        for cut in 0..sealed.len() {
            assert_eq!(positions.open("one", &sealed[..cut]), None);
        }
        let other = Positions::new(b"another secret").expect("a key");
        assert_eq!(other.open("one", &sealed), None);
    }

    #[test]
    fn keys_have_a_fingerprint_of_their_own() {
        let of = |keys: &[&str]| fingerprint(&keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&[]), of(&[""]));
    }
}
