//! Pseudonyms of reporters: stable within a mission, so that an analyst sees that two reports come from one person
//! and not from whom; unlinkable between missions and without the installation's secret.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use sea_orm::ConnectionTrait;

use super::secret;
use crate::error::{Error, Result};

/// Bytes of the hash that a pseudonym keeps.
const LENGTH: usize = 16;

/// Makes pseudonyms with the installation's secret.
pub struct Pseudonyms(hmac::Key);

impl Pseudonyms {
    /// With the installation's secret.
    pub async fn open(db: &impl ConnectionTrait) -> Result<Self> {
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &secret(db, "pseudonym").await?)))
    }

    /// With the installation's secret as its row holds it.
    pub(super) fn of_secret(stored: &str) -> Result<Self> {
        let secret = HEXLOWER.decode(stored.as_bytes()).map_err(Error::internal)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &secret)))
    }

    /// The pseudonym of a person as a reporter of a mission: 16 bytes of HMAC-SHA256 (RFC 2104), hexadecimal.
    pub fn of(&self, mission: &str, person: &str) -> String {
        // Ids have one length, so that the two cannot run into each other.
        let tag = hmac::sign(&self.0, format!("{mission}/{person}").as_bytes());
        HEXLOWER.encode(tag.as_ref().get(..LENGTH).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_stable_within_a_mission_and_says_nothing_beyond() {
        let with = |secret: &[u8]| Pseudonyms(hmac::Key::new(hmac::HMAC_SHA256, secret));
        let here = with(b"one").of("M1", "P1");
        assert_eq!(here.len(), 2 * LENGTH);
        assert_eq!(with(b"one").of("M1", "P1"), here);
        for other in [with(b"one").of("M2", "P1"), with(b"one").of("M1", "P2"), with(b"two").of("M1", "P1")] {
            assert_ne!(other, here);
        }
    }
}
