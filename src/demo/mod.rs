//! The demo: true public facts for states and missions, and invented people and concerns around them.
//!
//! Names of persons, addresses and events are invented; telephone numbers are of the range that is kept free for
//! fiction, e-mail addresses end in `.example`. The agencies' private keys lie in a directory beside the data, so
//! that tokens can be minted for them and for no others.

use std::path::Path;

use entity::agency;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{access::Role, clock::Clock, desk::Work, error::Result, store::Store};

mod advisories;
mod agencies;
mod cast;
mod chance;
mod changes;
mod concerns;
mod details;
mod evidence;
mod facts;
mod logs;
mod missions;
mod people;
mod posts;
mod programmes;
mod release;
mod stories;
mod visits;

use chance::Chance;

/// Who may ask in the demo: for each role one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPeople(pub Vec<DemoPerson>);

/// A person of the demo, as a token names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// In what capacity.
    pub role: Role,
    /// The agency's short name: its private key is in the key directory under it.
    pub agency: &'static str,
    /// `iss` of the agency's tokens.
    pub issuer: &'static str,
    /// `sub` of the person's tokens.
    pub subject: &'static str,
    /// Name, for a reader.
    pub name: &'static str,
}

/// `aud` of all tokens of the demo.
pub const AUDIENCE: &str = "https://chancery.example/graphql";

/// Fills the database, in one transaction; does nothing when the demo is there already. The same every time, less
/// the keys, with times that lie before the clock's present. `progress` is told what is being made.
pub async fn seed(store: &Store, clock: &Clock, keys_dir: &Path, mut progress: impl FnMut(&str)) -> Result<DemoPeople> {
    let mut work = Work::begin(store, clock).await?;
    work.is("demo");
    let made = agency::Entity::find().filter(agency::Column::MadeByDemo.eq(true)).count(work.rows()).await?;
    if made > 0 {
        return Ok(cast::by_role());
    }
    let mut chance = Chance::new();
    progress("sending states and missions");
    let missions = missions::seed(&mut work, &mut chance).await?;
    progress("premises and security contacts");
    people::seed_premises(&mut work, &mut chance, &missions).await?;
    people::seed_contacts(&mut work, &mut chance, &missions).await?;
    progress("agencies, keys and persons");
    let agencies = agencies::seed(&mut work, &mut chance, &missions, keys_dir).await?;
    people::seed_liaisons(&mut work, &mut chance, &agencies, &missions).await?;
    progress("concerns");
    concerns::seed(&mut work, &mut chance, &missions, &agencies).await?;
    progress("posts abroad");
    posts::seed(&mut work, &mut chance, &agencies).await?;
    progress("evidence");
    evidence::seed(&mut work, &mut chance).await?;
    progress("advisories");
    advisories::seed(&mut work, &mut chance, &agencies).await?;
    changes::seed(&mut work, &mut chance, &agencies).await?;
    // Last: what was made before is as it was before there were visits.
    progress("a week of the General Assembly");
    visits::seed(&mut work, &mut chance, &missions, &agencies).await?;
    details::seed(&mut work, &mut chance, &agencies).await?;
    progress("programmes of posts");
    programmes::seed(&mut work, &mut chance, &agencies).await?;
    progress("who may see what");
    work.standing_changed();
    work.commit().await?;
    Ok(cast::by_role())
}

/// Inserts rows, several a statement.
async fn insert<A: ActiveModelTrait>(work: &Work, rows: impl IntoIterator<Item = A>) -> Result<()> {
    // 25 columns at most: well under the 32,766 parameters that SQLite takes.
    const AT_ONCE: usize = 200;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        A::Entity::insert_many(rows.by_ref().take(AT_ONCE)).exec_without_returning(work.rows()).await?;
    }
    Ok(())
}
