//! Idempotency keys: what was done under one is not done again for a day.

use entity::performed::{Entity, Model};
use sea_orm::{EntityTrait, IntoActiveModel};
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
    let changed = serde_json::to_string(changed).map_err(Error::internal)?;
    let row = Model { agency_id, person_id, command, idempotency_key, input_hash: input.hash(), changed, at: now };
    // What is forgotten may have had the same key: it is written over, as parts of a batch must not take away and write
    // the same.
    let batch = act.work().batch();
    let key = ["agency_id", "person_id", "command", "idempotency_key"];
    batch.part(|binds| {
        let gone = binds.add(gone);
        let values = [&row.agency_id, &row.person_id, &row.command, &row.idempotency_key];
        let same: Vec<String> =
            key.iter().zip(values).map(|(name, value)| format!("{name} = {}", binds.add(value.as_str()))).collect();
        format!("delete from performed where at <= {gone} and not ({})", same.join(" and "))
    });
    batch.upsert(&row.into_active_model(), &key);
    Ok(())
}

fn named(act: &Act<'_>, key: &str) -> (String, String, String, String) {
    let principal = act.principal();
    (principal.agency().to_owned(), principal.person().to_owned(), act.command().name().to_owned(), key.to_owned())
}
