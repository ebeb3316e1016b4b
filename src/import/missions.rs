//! Foreign missions in the United States: the database of embassies, from Wikidata.

use std::collections::{HashMap, HashSet};

use entity::{
    mission::{ActiveModel, Column, Entity, Model},
    mission_accreditation, premises,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait as _, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter as _, Set,
};

use super::{
    Format, Report, Table, absent, batch, embassy_row, insert,
    merge::{self, Group, Imported},
    mission_row::{self, MissionRow},
    sending_states::{self, SendingStates},
};
use crate::{access::Kind, desk::Work, error::Result, id};

pub(super) const FORMAT: Format = embassy_row::format("a list of foreign missions");

/// What is kept of accreditations and of the address within the column `imported`.
const ACCREDITED: &str = "accredited";
const ADDRESS: &str = "address";

const SENDER_STAYS: &str =
    "the sending state stays as it was: it decides who sees the mission; `--change-grounds` takes the file's";
const PLACE_STAYS: &str =
    "the mission stays where it was: its place decides who sees it; `--change-grounds` takes the file's";

/// Rows of link tables by mission.
type Links = HashMap<String, Vec<mission_accreditation::Model>>;

pub(super) async fn import(
    table: &mut Table,
    work: &mut Work,
    report: &mut Report,
    change_grounds: bool,
) -> Result<()> {
    let mut states = SendingStates::load(work).await?;
    let mut seen = HashSet::new();
    loop {
        let rows = batch(table, report, |record, report| mission_row::parse(record, report, &mut seen))?;
        if rows.is_empty() {
            break;
        }
        bring(rows, &mut states, work, report, change_grounds).await?;
    }
    let stored = absent::keys(work, Column::WikidataId, Column::Imported).await?;
    report.absent("missions", stored, &seen);
    Ok(())
}

async fn bring(
    rows: Vec<MissionRow>,
    states: &mut SendingStates,
    work: &mut Work,
    report: &mut Report,
    change_grounds: bool,
) -> Result<()> {
    let (mut stored, mut links) = load(&rows, work).await?;
    let mut fresh = Vec::new();
    let mut pending = Vec::new();
    for row in rows {
        let old = stored.remove(&row.qid);
        if let Err(nowhere) = &row.place {
            if old.is_none() {
                report.reject(row.line, "city", nowhere.0);
                continue;
            }
            report.warn(row.line, "city", "the place is not known: the mission stays where it was");
        }
        let operator = states.ensure(work, report, &row.operator.0, &row.operator.1).await?;
        let accredited = accredited(&row, &operator, states, report);
        match old {
            None => {
                let id = id::new(work.clock().now());
                fresh.push(create(&row, &id, &operator, &accredited));
                report.summary.created += 1;
                work.touch(Kind::Mission, id.clone());
                pending.push((id, row.body.address, accredited));
            }
            Some(old) => {
                let links = links.remove(&old.id).unwrap_or_default();
                let last = Imported::read(old.imported.as_deref())?;
                let says = if change_grounds {
                    Says { groups: row.groups(&operator), address: true }
                } else {
                    keep_grounds(&old, &last, &row, &operator, report)
                };
                update(old, &last, &links, (&row, says, &accredited), work, report).await?;
            }
        }
    }
    insert(work, fresh).await?;
    for (mission, address, accredited) in pending {
        accredit(work, &mission, &[], &[], &accredited).await?;
        if let Some(address) = address {
            add_premises(work, &mission, address).await?;
        }
    }
    Ok(())
}

/// The missions of the rows that are there already, by item, and their accreditations.
async fn load(rows: &[MissionRow], work: &Work) -> Result<(HashMap<String, Model>, Links)> {
    let items = rows.iter().map(|row| row.qid.as_str());
    let stored = Entity::find().filter(Column::WikidataId.is_in(items)).all(work.rows()).await?;
    let mut links = Links::new();
    if !stored.is_empty() {
        let of_these = mission_accreditation::Column::MissionId.is_in(stored.iter().map(|row| row.id.as_str()));
        for link in mission_accreditation::Entity::find().filter(of_these).all(work.rows()).await? {
            links.entry(link.mission_id.clone()).or_default().push(link);
        }
    }
    let stored = stored.into_iter().filter_map(|row| Some((row.wikidata_id.clone()?, row))).collect();
    Ok((stored, links))
}

/// Ids of the states to which the mission is accredited beside the United States. A part of the United States is a
/// consular district, not an accreditation.
fn accredited(row: &MissionRow, operator: &str, states: &SendingStates, report: &mut Report) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for (item, label) in &row.body.jurisdictions {
        match states.find(item, label) {
            Some(state) if sending_states::is_domestic(state) => {}
            Some(state) if state.id == operator || ids.contains(&state.id) => {}
            Some(state) => ids.push(state.id.clone()),
            None => report.warn(row.line, "jurisdictionQIDs", "not a sending state that is known: left out"),
        }
    }
    ids.sort_unstable();
    ids
}

fn create(row: &MissionRow, id: &str, operator: &str, accredited: &[String]) -> ActiveModel {
    let mut imported = Imported::default();
    note(&mut imported, row, &Says { groups: row.groups(operator), address: true }, accredited);
    let mut fresh = ActiveModel {
        id: Set(id.to_owned()),
        wikidata_id: Set(Some(row.qid.clone())),
        status: Set("OPEN".to_owned()),
        imported: Set(Some(imported.text())),
        ..ActiveModel::new()
    };
    merge::set(&mut fresh, row.groups(operator).into_iter().flatten().collect());
    fresh
}

/// What of a line is taken.
struct Says {
    groups: Vec<Group<Entity>>,
    address: bool,
}

/// Who sees a mission follows from its sending state and its place: those of a stored one stay as they are, with what
/// tells of them.
fn keep_grounds(old: &Model, last: &Imported, row: &MissionRow, operator: &str, report: &mut Report) -> Says {
    let mut groups = row.groups(operator);
    let sender = merge::withhold::<Entity>(old, last, &mut groups, Column::SendingStateId, false);
    let place = merge::withhold::<Entity>(old, last, &mut groups, Column::Area, false);
    if sender {
        report.warn(row.line, "operatorQID", SENDER_STAYS);
    }
    if place {
        report.warn(row.line, "city", PLACE_STAYS);
    }
    let tells = |column: &Column| match column {
        Column::Name => sender || place,
        Column::Latitude => place,
        _ => false,
    };
    groups.retain(|group| !group.iter().any(|(column, _)| tells(column)));
    Says { groups, address: !place }
}

fn note(imported: &mut Imported, row: &MissionRow, says: &Says, accredited: &[String]) {
    imported.note::<Entity>(&says.groups);
    imported.note_list(ACCREDITED, accredited);
    if says.address {
        imported.note_list(ADDRESS, row.body.address.as_slice());
    }
}

async fn update(
    old: Model,
    last: &Imported,
    links: &[mission_accreditation::Model],
    (row, says, accredited): (&MissionRow, Says, &[String]),
    work: &mut Work,
    report: &mut Report,
) -> Result<()> {
    let id = old.id.clone();
    let mut now = last.clone();
    note(&mut now, row, &says, accredited);
    let linked = accredit(work, &id, links, &last.list(ACCREDITED), accredited).await?;
    let file = row.body.address.as_ref().filter(|_| says.address);
    let moved = address(work, &id, last.list(ADDRESS).first(), file).await?;
    let changed = merge::bring::<Entity>(work, old, Column::Imported, last, &now, says.groups).await?;
    if linked || moved || changed {
        report.summary.updated += 1;
        work.touch(Kind::Mission, id);
    } else {
        report.summary.unchanged += 1;
    }
    Ok(())
}

/// Adds what the file newly says and takes away what it no longer says; a link made by hand stays, one removed by
/// hand stays removed. Whether anything changed.
async fn accredit(
    work: &mut Work,
    mission: &str,
    stored: &[mission_accreditation::Model],
    last: &[String],
    file: &[String],
) -> Result<bool> {
    let has = |state: &String| stored.iter().any(|link| link.sending_state_id == *state);
    let added: Vec<String> = file.iter().filter(|state| !last.contains(state) && !has(state)).cloned().collect();
    let gone = |state: &String| last.contains(state) && !file.contains(state);
    let gone: Vec<_> = stored.iter().filter(|link| gone(&link.sending_state_id)).cloned().collect();
    for state in added.iter().chain(gone.iter().map(|link| &link.sending_state_id)) {
        work.touch(Kind::SendingState, state.clone());
    }
    let changed = !added.is_empty() || !gone.is_empty();
    let link = |state| mission_accreditation::Model { mission_id: mission.to_owned(), sending_state_id: state };
    insert(work, added.into_iter().map(|state| link(state).into_active_model()).collect()).await?;
    for link in gone {
        link.delete(work.rows()).await?;
    }
    Ok(changed)
}

/// Keeps the chancery's address: made where no import has made it, changed only where it is still the import's,
/// never removed.
async fn address(work: &mut Work, mission: &str, last: Option<&String>, file: Option<&String>) -> Result<bool> {
    let Some(address) = file.filter(|address| Some(*address) != last) else { return Ok(false) };
    let chanceries = premises::Entity::find()
        .filter(premises::Column::MissionId.eq(mission))
        .filter(premises::Column::Kind.eq("CHANCERY"));
    let stored = chanceries.all(work.rows()).await?;
    if stored.is_empty() && last.is_none() {
        add_premises(work, mission, address.clone()).await?;
        return Ok(true);
    }
    let ours = stored.into_iter().find(|row| row.address.as_ref() == last);
    let Some(ours) = ours else { return Ok(false) };
    work.touch(Kind::Premises, ours.id.clone());
    let mut row = ours.into_active_model();
    row.address = Set(Some(address.clone()));
    row.update(work.rows()).await?;
    Ok(true)
}

async fn add_premises(work: &mut Work, mission: &str, address: String) -> Result<()> {
    let row = premises::Model {
        id: id::new(work.clock().now()),
        mission_id: mission.to_owned(),
        kind: "CHANCERY".to_owned(),
        address: Some(address),
        latitude: None,
        longitude: None,
    };
    work.touch(Kind::Premises, row.id.clone());
    insert(work, vec![row.into_active_model()]).await
}
