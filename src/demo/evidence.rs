//! The demo's evidence: what some of the entries bring, as the mission or the officer who wrote them adds it.

use entity::{entry, evidence};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::{chance::Chance, insert};
use crate::{access::Kind, clock::parse_instant, desk::Work, digest::sha256_hex, error::Result};

/// Name, and where it lies; nothing of it is there.
const PIECES: [(&str, &str); 4] = [
    ("Footage of the gate camera, 40 minutes", "https://files.mission.example/gate/"),
    ("Photograph of the vehicle", "https://files.mission.example/photographs/"),
    ("The letter, scanned", "Security office, safe 3, folder "),
    ("Statement of the guard on duty", "https://files.mission.example/statements/"),
];

/// One comment of so many brings one.
const ONE_IN: usize = 3;

/// Writes it. Last of all, as what comes later is drawn from the same chance.
pub(super) async fn seed(work: &mut Work, chance: &mut Chance) -> Result<()> {
    let comments = entry::Entity::find()
        .filter(entry::Column::Kind.eq("COMMENT"))
        .order_by_asc(entry::Column::Id)
        .all(work.rows())
        .await?;
    let now = work.clock().now();
    let mut rows = Vec::new();
    for entry in comments.into_iter().step_by(ONE_IN) {
        let Some((name, place)) = chance.pick(&PIECES) else { continue };
        let id = chance.id(parse_instant(&entry.at).unwrap_or(now));
        work.touch(Kind::Evidence, id.clone());
        let row = evidence::Model {
            sha256: sha256_hex(&id),
            concern_id: entry.concern_id,
            entry_id: entry.id,
            name: (*name).to_owned(),
            pointer: format!("{place}{}", 1 + chance.below(900)),
            tlp: entry.tlp,
            added_at: entry.at,
            added_by_id: entry.author_id,
            id,
        };
        rows.push(row.into_active_model());
    }
    insert(work, rows).await
}
