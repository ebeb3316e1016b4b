//! Pseudonyms of reporters: stable within a mission, so that an analyst sees that two reports come from one person
//! and not from whom; unlinkable between missions and without the installation's secret.

use aws_lc_rs::{hmac, rand};
use data_encoding::HEXLOWER;
use entity::secret;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

use crate::error::{Error, Result};

const SECRET: &str = "pseudonym";
/// Bytes of the hash that a pseudonym keeps.
const LENGTH: usize = 16;

/// Makes pseudonyms with the installation's secret.
pub struct Pseudonyms(hmac::Key);

impl Pseudonyms {
    /// With the stored secret, 256 random bits, made at first use: of two who make it at once, one wins.
    pub async fn open(db: &impl ConnectionTrait) -> Result<Self> {
        let mut fresh = [0; 32];
        rand::fill(&mut fresh).map_err(Error::internal)?;
        let row = secret::ActiveModel { name: Set(SECRET.to_owned()), value: Set(HEXLOWER.encode(&fresh)) };
        secret::Entity::insert(row)
            .on_conflict(OnConflict::column(secret::Column::Name).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
        let stored = secret::Entity::find_by_id(SECRET).one(db).await?;
        let stored = stored.ok_or_else(|| Error::internal("the secret `pseudonym` is gone"))?;
        let key = HEXLOWER.decode(stored.value.as_bytes()).map_err(Error::internal)?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
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
