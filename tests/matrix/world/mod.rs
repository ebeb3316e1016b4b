//! One world in which every situation stands, by rows, each with what the policy says of it.
//!
//! An expectation is written as `embassy=DCP missions=D`: these askers see these tiers, later words win, and whoever
//! is not named sees nothing. Only tiers that the type has values in are named. Of a child (entry, referral, share,
//! evidence, acknowledgement, change of a mission, part of a visit, what hangs on a post or on an incident) the tiers that
//! its own fields are in are named.

mod advisories;
mod changes;
mod children;
mod concerns;
mod details;
mod directory;
mod events;
mod incidents;
mod missions;
mod posts;
mod programmes;
mod rows;
mod shares;
mod visits;

use std::collections::BTreeMap;

use chancery::{
    access::Kind,
    desk::{response, visibility},
    id,
};
use sea_orm::TransactionTrait;

use crate::{cast, support::TestDb};

/// A row, what makes it what it is, and who sees what of it.
#[derive(Debug)]
pub struct Situation {
    /// The type.
    pub kind: Kind,
    /// What makes it so.
    pub name: String,
    /// The row.
    pub id: String,
    /// Whether the page shows a line of it; what it shows is asserted in any case.
    pub on_page: bool,
    expect: BTreeMap<&'static str, String>,
}

impl Situation {
    /// A situation of a row whose handle is its name.
    pub fn new(kind: Kind, name: impl Into<String>, expect: &str) -> Self {
        let name = name.into();
        Self { kind, id: id_of(kind, &name), name, on_page: true, expect: parse(expect) }
    }

    /// A situation of a row with a handle of its own.
    pub fn of(kind: Kind, handle: &str, name: impl Into<String>, expect: &str) -> Self {
        Self { kind, id: id_of(kind, handle), name: name.into(), on_page: true, expect: parse(expect) }
    }

    /// What the policy says that the asker sees: tiers, or – for nothing.
    pub fn expected(&self, asker: &str) -> &str {
        self.expect.get(asker).map_or("–", String::as_str)
    }
}

fn parse(expect: &str) -> BTreeMap<&'static str, String> {
    let mut parsed = BTreeMap::new();
    for part in expect.split_whitespace() {
        let (who, tiers) = part.split_once('=').unwrap_or_else(|| panic!("\"{part}\" is no expectation"));
        assert!(tiers.chars().all(|tier| "DCPSI".contains(tier)), "\"{part}\" is no expectation");
        for asker in cast::named(who) {
            parsed.insert(asker, tiers.to_owned());
        }
    }
    parsed
}

/// The id of the row that a handle stands for: 64 bits of FNV-1a.
pub fn id_of(kind: Kind, handle: &str) -> String {
    let hash = handle
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    id::encode((u128::from(kind.code().unsigned_abs()) << 64) | u128::from(hash))
}

/// Puts the rows in and makes the visibility table.
pub async fn build(db: &TestDb) -> Vec<Situation> {
    let work = db.store.orm.begin().await.expect("begins");
    let mut world = directory::build(&work).await;
    world.extend(missions::build(&work).await);
    directory::liaisons_and_standing(&work, &mut world).await;
    world.extend(programmes::build(&work).await);
    world.extend(incidents::build(&work).await);
    world.extend(visits::build(&work).await);
    world.extend(details::build(&work).await);
    for case in concerns::cases().into_iter().chain(shares::cases()).chain(children::cases()) {
        world.extend(case.put(&work).await);
    }
    world.extend(children::entries(&work).await);
    world.extend(advisories::build(&work).await);
    world.extend(events::build(&work).await);
    let changes = changes::build(&work, &world).await;
    world.extend(changes);
    work.commit().await.expect("commits");
    visibility::rebuild(&db.store).await.expect("the visibility table is made");
    response::rebuild(&db.store).await.expect("the clocks are made");
    world
}
