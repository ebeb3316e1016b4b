//! The clock of every concern, kept beside it: what follows from its log, made anew with every change of either.
//!
//! It is derived, as the visibility table is: nobody sets it, `chancery access rebuild` makes it from the entries, and
//! `verify` compares. It knows no present: a reader's `now` turns instants into states. So `clockState: BREACHED` and
//! an order by what is due next are a range of an index.

use std::collections::{BTreeMap, BTreeSet};

use entity::{agency, concern, entry, entry_audience, evidence, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Opening, Severity, State, Status, Step, Target, Targets, What, targets};
use crate::{
    access::{AgencyKind, Kind},
    change,
    clock::{instant, parse_instant},
    desk::visibility::{self, CHUNK, pages, snapshot},
    error::{Error, Result},
    store::{Batch, Rows, Store, Transaction},
};

/// What is kept of a clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::desk) struct Kept {
    /// The targets in the order of [`super::Goal::ALL`], each `[from, due, met, ended]`, as JSON.
    clock: Option<String>,
    /// The earliest instant at which something is owed.
    next_due_at: Option<String>,
    /// How it stands when nothing is due at an instant.
    rest: Option<String>,
}

impl Kept {
    /// Whether a row has it.
    pub(in crate::desk) fn is_of(&self, row: &concern::Model) -> bool {
        stored(row) == *self
    }

    /// Into what is set of a row.
    pub(in crate::desk) fn set(self, row: &mut concern::ActiveModel) {
        row.clock = Set(self.clock);
        row.next_due_at = Set(self.next_due_at);
        row.clock_rest = Set(self.rest);
    }
}

/// An entry, as far as the clock goes by it.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "what is so of an entry, each of it alone")]
pub(in crate::desk) struct Said<'a> {
    /// When.
    pub(in crate::desk) at: &'a str,
    /// EntryKind.
    pub(in crate::desk) kind: &'a str,
    /// For whom: EntryAudience.
    pub(in crate::desk) audience: &'a str,
    /// The status that it led to.
    pub(in crate::desk) to_status: Option<&'a str>,
    /// Whether it says anything.
    pub(in crate::desk) has_body: bool,
    /// Whether somebody of the Diplomatic Security Service wrote it.
    pub(in crate::desk) by_dss: bool,
    /// Whether the agency that raised the concern is among those for which it was written.
    pub(in crate::desk) for_origin_agency: bool,
    /// Whether evidence was added by it.
    pub(in crate::desk) is_evidence: bool,
}

impl Said<'_> {
    /// Whether the Diplomatic Security Service says something in it to who raised the concern. That it was received is
    /// no answer, nor is a piece of evidence.
    fn is_answer(&self, concern: &concern::Model) -> bool {
        let for_originator = match self.audience {
            "MISSION" => concern.origin_mission_id.is_some(),
            "AGENCIES" => self.for_origin_agency,
            _ => false,
        };
        for_originator && matches!(self.kind, "COMMENT" | "STATUS") && self.has_body && !self.is_evidence && self.by_dss
    }
}

/// The clock that a concern's log says, its entries by date and id.
pub(in crate::desk) fn kept_of<'a>(row: &concern::Model, log: impl IntoIterator<Item = Said<'a>>) -> Result<Kept> {
    let mut steps = Vec::new();
    for entry in log {
        let at = at(entry.at)?;
        // What a step says comes with it: it answers before it resolves.
        if entry.is_answer(row) {
            steps.push(Step { at, what: What::Answer });
        }
        let status = entry.to_status.and_then(Status::of_row);
        steps.extend(status.map(|status| Step { at, what: What::Status(status) }));
    }
    let opening = Opening {
        at: at(&row.opened_at)?,
        question: row.kind == "QUESTION",
        severity: Severity::of_row(&row.severity),
    };
    Ok(kept(&targets(&opening, &steps)))
}

/// Makes the clocks anew of concerns that were touched, themselves or in their logs.
pub(in crate::desk) async fn renew(db: &Transaction, touched: &BTreeSet<(Kind, String)>) -> Result<()> {
    let of = |kind: Kind| touched.iter().filter(move |(of, _)| *of == kind).map(|(_, id)| id.clone());
    let mut concerns: BTreeSet<String> = of(Kind::Concern).collect();
    let entries: Vec<String> = of(Kind::Entry).collect();
    for ids in entries.chunks(CHUNK) {
        let found: Vec<String> = entry::Entity::find()
            .select_only()
            .column(entry::Column::ConcernId)
            .filter(entry::Column::Id.is_in(ids))
            .into_tuple()
            .all(db)
            .await?;
        concerns.extend(found);
    }
    let concerns: Vec<String> = concerns.into_iter().collect();
    for ids in concerns.chunks(CHUNK) {
        bring_up(db, ids).await?;
    }
    Ok(())
}

/// Makes every clock anew, in one transaction. Returns how many there are.
pub async fn rebuild(store: &Store) -> Result<u64> {
    let transaction = store.begin().await?;
    visibility::lock(&transaction).await?;
    let mut made = 0;
    let mut after = String::new();
    loop {
        let ids = pages::of_rows(&transaction, Kind::Concern, &after).await?;
        let Some(last) = ids.last().cloned() else { break };
        bring_up(&transaction, &ids).await?;
        made += ids.len() as u64;
        after = last;
    }
    change::restart(&transaction).await?;
    transaction.commit().await?;
    Ok(made)
}

/// Makes the clocks in a database that was filled before there were any. They are made in one transaction, and with every
/// concern since: so the oldest tells of all, and nobody waits at each start for a look at every one.
pub async fn make_if_missing(store: &Store) -> Result<()> {
    let oldest = concern::Entity::find().order_by_asc(concern::Column::Id).one(&store.orm).await?;
    if oldest.is_some_and(|oldest| oldest.clock.is_none()) {
        rebuild(store).await?;
    }
    Ok(())
}

/// How the clocks differ from what they should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Clocks compared.
    pub clocks: u64,
    /// Concerns whose clock is not what their log says.
    pub wrong: Vec<String>,
}

/// Compares every clock with its log, as of one moment. Writes nothing and hinders nobody.
pub async fn verify(store: &Store) -> Result<Difference> {
    let snapshot = snapshot(store).await?;
    let mut difference = Difference::default();
    let mut after = String::new();
    loop {
        let ids = pages::of_rows(&snapshot, Kind::Concern, &after).await?;
        let Some(last) = ids.last().cloned() else { break };
        for (row, right) in right(&snapshot, &ids).await? {
            difference.clocks += 1;
            if stored(&row) != right {
                difference.wrong.push(row.id);
            }
        }
        after = last;
    }
    snapshot.rollback().await?;
    Ok(difference)
}

async fn bring_up(transaction: &Transaction, ids: &[String]) -> Result<()> {
    let mut changed = right(transaction, ids).await?;
    changed.retain(|(row, right)| stored(row) != *right);
    if changed.is_empty() {
        return Ok(());
    }
    let rows = Rows::default()
        .texts("id", changed.iter().map(|(row, _)| &row.id))
        .maybe("clock", changed.iter().map(|(_, right)| right.clock.as_ref()))
        .maybe("next_due_at", changed.iter().map(|(_, right)| right.next_due_at.as_ref()))
        .maybe("clock_rest", changed.iter().map(|(_, right)| right.rest.as_ref()));
    let mut batch = Batch::new(transaction.get_database_backend());
    batch.part(|binds| {
        format!(
            "update concern as c set clock = u.clock, next_due_at = u.next_due_at, clock_rest = u.clock_rest from ({}) as u where c.id = u.id",
            rows.query(binds)
        )
    });
    batch.write(transaction).await?;
    let moved = changed.into_iter().filter(|(row, right)| row.next_due_at != right.next_due_at);
    let moved: Vec<String> = moved.map(|(row, _)| row.id).collect();
    if !moved.is_empty() {
        visibility::set_owed(transaction, &moved).await?;
    }
    Ok(())
}

fn stored(row: &concern::Model) -> Kept {
    Kept { clock: row.clock.clone(), next_due_at: row.next_due_at.clone(), rest: row.clock_rest.clone() }
}

/// Concerns with the clocks that their logs say.
async fn right(db: &impl ConnectionTrait, ids: &[String]) -> Result<Vec<(concern::Model, Kept)>> {
    let rows = concern::Entity::find().filter(concern::Column::Id.is_in(ids)).all(db).await?;
    let entries = entry::Entity::find()
        .filter(entry::Column::ConcernId.is_in(ids))
        .order_by_asc(entry::Column::At)
        .order_by_asc(entry::Column::Id)
        .all(db)
        .await?;
    let written = Written::read(db, &entries).await?;
    let mut logs: BTreeMap<&str, Vec<&entry::Model>> = BTreeMap::new();
    for entry in &entries {
        logs.entry(entry.concern_id.as_str()).or_default().push(entry);
    }
    let mut clocks = Vec::with_capacity(rows.len());
    for row in rows {
        let log = logs.remove(row.id.as_str()).unwrap_or_default();
        let kept = kept_of(&row, log.into_iter().map(|entry| written.said(&row, entry)))?;
        clocks.push((row, kept));
    }
    Ok(clocks)
}

fn at(stored: &str) -> Result<time::OffsetDateTime> {
    parse_instant(stored).ok_or_else(|| Error::internal(format!("a stored instant that is none: {stored}")))
}

fn kept(targets: &Targets) -> Kept {
    let told = |target: &Target| [target.from, target.due, target.met, target.ended].map(|at| at.map(instant));
    let all = targets.all().map(|(_, target)| target);
    let next = all.iter().filter(|target| target.met.is_none() && target.ended.is_none()).filter_map(|t| t.due).min();
    // Without anything due, no present changes how it stands.
    let states = all.map(|target| target.state(time::OffsetDateTime::UNIX_EPOCH));
    let rest = if states.contains(&State::Stopped) {
        State::Stopped
    } else if states.iter().any(|state| matches!(state, State::MetLate | State::Breached)) {
        State::MetLate
    } else if states.first() == Some(&State::Ended) || states.last() == Some(&State::Ended) {
        State::Ended
    } else {
        State::Met
    };
    Kept {
        clock: Some(serde_json::json!(all.map(|target| told(&target))).to_string()),
        next_due_at: next.map(instant),
        rest: next.is_none().then(|| rest.name().to_owned()),
    }
}

/// Who wrote entries, and for which agencies.
struct Written {
    /// People of the Diplomatic Security Service.
    of_dss: BTreeSet<String>,
    /// By entry.
    for_agencies: BTreeMap<String, BTreeSet<String>>,
    /// Entries by which evidence was added.
    of_evidence: BTreeSet<String>,
}

impl Written {
    async fn read(db: &impl ConnectionTrait, entries: &[entry::Model]) -> Result<Self> {
        let authors: BTreeSet<&String> = entries.iter().filter_map(|entry| entry.author_id.as_ref()).collect();
        let authors: Vec<&String> = authors.into_iter().collect();
        let mut of_dss = BTreeSet::new();
        for ids in authors.chunks(CHUNK) {
            let people: Vec<(String, String)> = person::Entity::find()
                .select_only()
                .columns([person::Column::Id, person::Column::AgencyId])
                .filter(person::Column::Id.is_in(ids.iter().copied()))
                .into_tuple()
                .all(db)
                .await?;
            let agencies: BTreeSet<&String> = people.iter().map(|(_, agency)| agency).collect();
            let service: Vec<String> = agency::Entity::find()
                .select_only()
                .column(agency::Column::Id)
                .filter(agency::Column::Id.is_in(agencies))
                .filter(agency::Column::Kind.eq(AgencyKind::DiplomaticSecurity.name()))
                .into_tuple()
                .all(db)
                .await?;
            of_dss.extend(people.into_iter().filter(|(_, agency)| service.contains(agency)).map(|(person, _)| person));
        }
        let mut for_agencies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let ids: Vec<&String> = entries.iter().filter(|e| e.audience == "AGENCIES").map(|entry| &entry.id).collect();
        for ids in ids.chunks(CHUNK) {
            let named = entry_audience::Entity::find()
                .filter(entry_audience::Column::EntryId.is_in(ids.iter().copied()))
                .all(db)
                .await?;
            for named in named {
                for_agencies.entry(named.entry_id).or_default().insert(named.agency_id);
            }
        }
        let mut of_evidence = BTreeSet::new();
        let ids: Vec<&String> = entries.iter().filter(|entry| entry.kind == "COMMENT").map(|entry| &entry.id).collect();
        for ids in ids.chunks(CHUNK) {
            let added: Vec<String> = evidence::Entity::find()
                .select_only()
                .column(evidence::Column::EntryId)
                .filter(evidence::Column::EntryId.is_in(ids.iter().copied()))
                .into_tuple()
                .all(db)
                .await?;
            of_evidence.extend(added);
        }
        Ok(Self { of_dss, for_agencies, of_evidence })
    }

    fn said<'a>(&self, concern: &concern::Model, entry: &'a entry::Model) -> Said<'a> {
        let to_origin = |to: &BTreeSet<String>| to.contains(&concern.origin_agency_id);
        Said {
            at: &entry.at,
            kind: &entry.kind,
            audience: &entry.audience,
            to_status: entry.to_status.as_deref(),
            has_body: entry.body.is_some(),
            by_dss: entry.author_id.as_ref().is_some_and(|author| self.of_dss.contains(author)),
            for_origin_agency: self.for_agencies.get(&entry.id).is_some_and(to_origin),
            is_evidence: self.of_evidence.contains(&entry.id),
        }
    }
}
