//! What is handed in about a concern: its name, its hash, and where it lies.

use entity::evidence;

use super::{
    case::{Case, To, Words},
    say,
};
use crate::{
    desk::command::{Act, Input},
    error::Result,
};

/// What the log says of it. Who reads the log may not read what it is: that is deeper.
const ADDED: &str = "Evidence was added.";

/// Adds it, with its entry: it is for whom the entry is, so that it changes the version of whoever sees it. The same
/// hash may come again, from another holder, or for others.
pub async fn add_evidence(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    case.step(act, None)?;
    let to = match say::of_others(act, input)? {
        Some(to) => to,
        None if input.text("audience").is_none_or(|audience| audience == "INTERNAL") && !input.has("agencyId") => {
            To::Dss
        }
        None => say::addressed(act, input, &case).await?,
    };
    let tlp = case.marked(input)?;
    let entry = case.write(act, Words { tlp, ..Words::new("COMMENT", to, Some(ADDED)) }, None);
    let id = act.new_id();
    let row = evidence::Model {
        id: id.clone(),
        concern_id: case.row.id.clone(),
        entry_id: entry.clone(),
        name: input.must("name"),
        sha256: input.must("sha256").to_ascii_lowercase(),
        pointer: input.must("pointer"),
        tlp: tlp.unwrap_or_else(|| case.tlp()).name().to_owned(),
        added_at: act.at(),
        added_by_id: Some(act.principal().person().to_owned()),
    };
    case.add_evidence(act, row);
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern), ("evidence", &id), ("entry", &entry)]))
}
