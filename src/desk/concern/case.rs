//! A concern in the doing: loaded on the row that was found, changed with its entry.

use entity::{concern, entry, evidence, referral, share};
use sea_orm::{ActiveValue::Set, ConnectionTrait, IntoActiveModel, Statement};
use time::Duration;

use crate::{
    access::{AgencyKind, Kind, Tlp},
    clock::{instant, parse_instant},
    desk::{
        aggregate::{self, Aggregate},
        command::{Act, Beside, Input, Seen, refused},
        visibility,
        workflow::{self, Status},
    },
    error::{Error, Result},
};

/// For whom an entry is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// The Diplomatic Security Service.
    Dss,
    /// Who raised the concern: its mission, or its agency.
    Originator,
    /// The mission that raised it, or to which it was released.
    Mission,
    /// One agency.
    Agency(String),
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    /// EntryKind.
    pub(super) kind: &'static str,
    /// For whom.
    pub(super) to: To,
    /// What is said.
    pub(super) body: Option<&'a str>,
    /// Its marking; the concern's when none.
    pub(super) tlp: Option<Tlp>,
}

impl<'a> Words<'a> {
    /// Under the concern's marking.
    pub(super) const fn new(kind: &'static str, to: To, body: Option<&'a str>) -> Self {
        Self { kind, to, body, tlp: None }
    }
}

/// A concern that is being changed.
pub(super) struct Case {
    /// As it was found.
    pub(super) row: concern::Model,
    /// What is set; written by [`Case::save`].
    pub(super) set: concern::ActiveModel,
    /// How its changer sees it; of a command on a child, how they see the child.
    pub(super) seen: Seen,
    /// What hangs on it.
    aggregate: Aggregate,
}

impl Case {
    /// The concern that the input names; see [`Act::on`].
    pub(super) async fn on(act: &mut Act<'_>, input: &Input) -> Result<Self> {
        let columns = aggregate::columns(act.rows().get_database_backend());
        let (seen, read) = act.on_with(input, "concernId", Beside::row("concern", columns)).await?;
        Self::read(act, Aggregate::read(&read)?, seen).await
    }

    /// A concern by its row, for a command on a child that was seen so.
    pub(super) async fn of(act: &mut Act<'_>, row: &str, seen: Seen) -> Result<Self> {
        let backend = act.rows().get_database_backend();
        let sign = if backend == sea_orm::DbBackend::Postgres { "$1" } else { "?1" };
        let sql = format!("select {} from concern c where c.id = {sign}", aggregate::columns(backend));
        let read = act.rows().query_one_raw(Statement::from_sql_and_values(backend, sql, [row.into()])).await?;
        Self::read(act, read.as_ref().map(Aggregate::read).transpose()?.flatten(), seen).await
    }

    async fn read(act: &Act<'_>, aggregate: Option<Aggregate>, seen: Seen) -> Result<Self> {
        let aggregate = aggregate.ok_or_else(|| Error::internal("a concern that was seen is gone"))?;
        let mut case = Self::over(aggregate, seen);
        let visit = case.row.visit_id.clone();
        case.has_to_do_with(act, visit.as_deref()).await?;
        Ok(case)
    }

    /// Reads who is on the detail of a visit with which it has to do, as few have.
    pub(super) async fn has_to_do_with(&mut self, act: &Act<'_>, visit: Option<&str>) -> Result<()> {
        let assigned = match visit {
            Some(visit) => {
                visibility::on_visits(act.rows(), &[visit.to_owned()]).await?.into_values().flatten().collect()
            }
            None => Vec::new(),
        };
        self.aggregate.visited_by(assigned);
        Ok(())
    }

    /// One that is yet to be written, or was read.
    pub(super) fn over(aggregate: Aggregate, seen: Seen) -> Self {
        let row = aggregate.row().clone();
        Self { set: row.clone().into_active_model(), row, seen, aggregate }
    }

    /// Where it is in its life.
    pub(super) fn status(&self) -> Result<Status> {
        Status::of_row(&self.row.status)
            .ok_or_else(|| Error::internal(format!("a concern with the status {}", self.row.status)))
    }

    /// Its TLP marking.
    pub(super) fn tlp(&self) -> Tlp {
        Tlp::of_row(&self.row.tlp)
    }

    /// Where the command leads; CONFLICT where it is not legal, with what is legal for whoever asks. `named` is the
    /// end that the input names.
    pub(super) fn step(&self, act: &Act<'_>, named: Option<Status>) -> Result<Status> {
        let from = self.status()?;
        workflow::step(act.command(), from, named).ok_or_else(|| self.illegal(act, from))
    }

    /// The error of a step that is not legal.
    pub(super) fn illegal(&self, act: &Act<'_>, from: Status) -> Error {
        let is_legal = |command| workflow::is_legal(command, from) && command != act.command();
        act.illegal(&self.seen.sight, Kind::Concern, from.name(), is_legal)
    }

    /// Goes to a status. Whether it is another one.
    pub(super) fn go(&mut self, to: Status) -> bool {
        if self.row.status == to.name() {
            return false;
        }
        self.set.status = Set(to.name().to_owned());
        true
    }

    /// Writes an entry; `to` is the status that the step leads to, if it is one.
    pub(super) fn write(&mut self, act: &mut Act<'_>, words: Words<'_>, to: Option<Status>) -> String {
        let (audience, agency) = match words.to {
            To::Dss => ("INTERNAL", None),
            To::Mission => ("MISSION", None),
            To::Agency(agency) => ("AGENCIES", Some(agency)),
            To::Originator if self.row.origin_mission_id.is_some() => ("MISSION", None),
            To::Originator => ("AGENCIES", Some(self.row.origin_agency_id.clone())),
        };
        let id = act.new_id();
        let severity = (words.kind == "SEVERITY").then(|| self.set.severity.clone().take()).flatten();
        let row = entry::Model {
            id: id.clone(),
            concern_id: self.row.id.clone(),
            kind: words.kind.to_owned(),
            author_id: Some(act.principal().person().to_owned()),
            audience: audience.to_owned(),
            tlp: words.tlp.unwrap_or_else(|| self.tlp()).name().to_owned(),
            body: words.body.map(str::to_owned),
            at: self.moment(act),
            to_status: to.map(|status| status.name().to_owned()),
            to_severity: severity,
        };
        let by_dss = act.principal().standing().agency_kind == AgencyKind::DiplomaticSecurity;
        self.aggregate.add_entry(act.work(), row, agency, by_dss);
        id
    }

    /// Writes a piece of evidence, added by the entry that was written before.
    pub(super) fn add_evidence(&mut self, act: &mut Act<'_>, row: evidence::Model) {
        self.aggregate.add_evidence(act.work(), row);
    }

    /// What hangs on it.
    pub(super) const fn aggregate(&self) -> &Aggregate {
        &self.aggregate
    }

    /// Writes a referral.
    pub(super) fn add_referral(&mut self, act: &mut Act<'_>, row: referral::Model) {
        self.aggregate.add_referral(act.work(), row);
    }

    /// Changes a referral; how many there are then in these statuses.
    pub(super) fn change_referral(&mut self, act: &mut Act<'_>, set: &referral::ActiveModel, open: &[&str]) -> usize {
        self.aggregate.change_referral(act.work(), set);
        self.aggregate.referrals_in(open)
    }

    /// Writes a share.
    pub(super) fn add_share(&mut self, act: &mut Act<'_>, row: share::Model) {
        self.aggregate.add_share(act.work(), row);
    }

    /// Ends a share.
    pub(super) fn revoke_share(&mut self, act: &mut Act<'_>, id: &str) {
        let at = act.at();
        self.aggregate.revoke_share(act.work(), id, at);
    }

    /// The present, but after every entry that is there: a log is read in the order in which it was written, whatever
    /// the clocks of two servers say, and however much is written in one instant.
    fn moment(&self, act: &Act<'_>) -> String {
        let last = self.aggregate.last_entry().and_then(parse_instant);
        let next = last.map(|at| at.saturating_add(Duration::microseconds(1)));
        instant(next.map_or(act.now(), |next| next.max(act.now())))
    }

    /// The marking that the input gives an entry: not below the concern's.
    pub(super) fn marked(&self, input: &Input) -> Result<Option<Tlp>> {
        let given: Option<Tlp> = input.text("tlp").and_then(|name| name.parse().ok());
        match given {
            Some(tlp) if tlp < self.tlp() => {
                Err(refused("tlp", &format!("a marking not below the concern's, {}", self.tlp().name())))
            }
            Some(tlp) if !self.seen.sight.grounds.iter().any(|ground| ground.survives() >= tlp) => {
                Err(refused("tlp", "a marking under which you yourself still read the entry"))
            }
            other => Ok(other),
        }
    }

    /// Writes what was set. A change of what the directory tells of it counts into its version.
    pub(super) async fn save(mut self, act: &mut Act<'_>) -> Result<concern::Model> {
        let row = &self.row;
        let changed = is_other(&self.set.status, &row.status)
            || is_other(&self.set.severity, &row.severity)
            || is_other(&self.set.tlp, &row.tlp)
            || is_other(&self.set.cui, &row.cui);
        if changed {
            self.set.changes = Set(row.changes + 1);
        }
        if is_other(&self.set.owner_id, &row.owner_id) {
            self.set.handovers = Set(row.handovers + 1);
        }
        self.aggregate.save(act.work(), self.set).await
    }
}

fn is_other<T: PartialEq + Into<sea_orm::Value> + Clone>(set: &sea_orm::ActiveValue<T>, was: &T) -> bool {
    matches!(set, Set(value) if value != was)
}
