//! A concern's marking.

use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    case::{Case, To, Words},
    share::lets_go_to,
};
use crate::{
    access::{Cui, Tlp, consent},
    desk::command::{Act, Input, refused},
    error::{Code, Error, Result},
};

/// Changes the marking. The lines of the visibility table follow in the same transaction: what grew stricter is
/// closed when this is answered.
pub async fn mark(act: &mut Act<'_>, input: &Input) -> Result<Vec<String>> {
    let mut case = Case::on(act, input).await?;
    let tlp: Tlp = input.text("tlp").and_then(|name| name.parse().ok()).unwrap_or_else(|| case.tlp());
    let cui = match (input.maybe("cui"), input.says("clearCui")) {
        (Some(_), true) => return Err(refused("clearCui", "false or nothing, as a banner is given")),
        (Some(banner), false) => Some(banner),
        (None, true) => None,
        (None, false) => case.row.cui.clone(),
    };
    if tlp == case.tlp() && cui == case.row.cui {
        return Err(Error::new(Code::Conflict, "input: it is marked so"));
    }
    let (before, after) = (Cui::of_row(case.row.cui.as_deref()), Cui::of_row(cui.as_deref()));
    if cui != case.row.cui && !reaches_originator(act, &case, &after).await? {
        let expected = "a banner under which who raised the concern keeps it; for the rest use an internal entry";
        return Err(refused("cui", expected));
    }
    let needed = consent::is_needed_to_mark((case.tlp(), &before), (tlp, &after));
    if needed && !input.has("consent") {
        return Err(refused("consent", "the originator's consent, as the marking is loosened"));
    }
    case.set.tlp = Set(tlp.name().to_owned());
    case.set.cui = Set(cui.clone());
    let told = said(&[
        Some(format!("{} {} → {} {}", case.row.tlp, shown(case.row.cui.as_deref()), tlp.name(), shown(cui.as_deref()))),
        input.maybe("reason"),
        input.maybe("consent").map(|consent| format!("Consent: {consent}")),
    ]);
    // Under the stricter of the two: the entry tells of both.
    let words = Words { tlp: Some(tlp.max(case.tlp())), ..Words::new("MARKING", To::Dss, Some(&told)) };
    case.write(act, words, None);
    let concern = case.save(act).await?.id;
    Ok(act.changed(&[("concern", &concern)]))
}

/// Whether who raised the concern still sees it under these controls.
async fn reaches_originator(act: &Act<'_>, case: &Case, cui: &Cui) -> Result<bool> {
    let agency = entity::agency::Entity::find_by_id(&case.row.origin_agency_id).one(act.rows()).await?;
    let agency = agency.ok_or_else(|| Error::internal("a concern without an agency that raised it"))?;
    lets_go_to(act, cui, &agency).await
}

fn shown(cui: Option<&str>) -> &str {
    cui.unwrap_or("without CUI")
}

/// Paragraphs.
pub(super) fn said(parts: &[Option<String>]) -> String {
    parts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n")
}
