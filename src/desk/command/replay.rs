//! Idempotency keys: what was done under one is not done again for a day.

use entity::performed::{ActiveModel, Entity};
use sea_orm::{ActiveValue::Set, EntityTrait};
use time::Duration;

use super::{Act, Input};
use crate::{
    clock::instant,
    error::{Code, Error, Result},
    model::mutation::IDEMPOTENCY_KEY,
};

/// How long a key is kept.
const KEPT: Duration = Duration::hours(24);

/// What was done under the input's key, if anything was: the rows of its payload. Another input under the same key
/// is a conflict.
pub(super) async fn earlier(act: &Act<'_>, input: &Input) -> Result<Option<Vec<String>>> {
    let Some(key) = input.text(IDEMPOTENCY_KEY) else { return Ok(None) };
    // Commands come one after the other: of two that hold the same key at once, the second finds the first here.
    let found = Entity::find_by_id(named(act, key)).one(act.rows()).await?;
    let Some(found) = found.filter(|found| found.at > instant(act.now() - KEPT)) else { return Ok(None) };
    if found.input_hash != input.hash() {
        let message = format!("input.{IDEMPOTENCY_KEY}: it was used with another input; choose another key");
        return Err(Error::new(Code::Conflict, message));
    }
    serde_json::from_str(&found.changed).map(Some).map_err(Error::internal)
}

/// Remembers what was done, and forgets what was done more than a day ago.
pub(super) fn keep(act: &mut Act<'_>, input: &Input, changed: &[String]) -> Result<()> {
    let Some(key) = input.text(IDEMPOTENCY_KEY) else { return Ok(()) };
    let (now, gone) = (instant(act.now()), instant(act.now() - KEPT));
    let (agency_id, person_id, command, idempotency_key) = named(act, key);
    let row = ActiveModel {
        agency_id: Set(agency_id),
        person_id: Set(person_id),
        command: Set(command),
        idempotency_key: Set(idempotency_key),
        input_hash: Set(input.hash()),
        changed: Set(serde_json::to_string(changed).map_err(Error::internal)?),
        at: Set(now),
    };
    let batch = act.work().batch();
    batch.part(|binds| format!("delete from performed where at <= {}", binds.add(gone)));
    batch.insert(&row);
    Ok(())
}

fn named(act: &Act<'_>, key: &str) -> (String, String, String, String) {
    let principal = act.principal();
    (principal.agency().to_owned(), principal.person().to_owned(), act.command().name().to_owned(), key.to_owned())
}
