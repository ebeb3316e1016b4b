//! A concern in the doing: loaded on the row that was found, changed with its entry.

use entity::{concern, entry, entry_audience};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use time::Duration;

use crate::{
    access::{Kind, Tlp},
    clock::{instant, parse_instant},
    desk::{
        command::{Act, Input, Seen, refused},
        workflow::{self, Status},
    },
    error::{Code, Error, Result},
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
}

impl Case {
    /// The concern that the input names; see [`Act::on`].
    pub(super) async fn on(act: &mut Act<'_>, input: &Input) -> Result<Self> {
        let seen = act.on(input, "concernId").await?;
        let row = seen.row.clone();
        Self::of(act, &row, seen).await
    }

    /// A concern by its row, for a command on a child that was seen so.
    pub(super) async fn of(act: &mut Act<'_>, row: &str, seen: Seen) -> Result<Self> {
        act.remember(Kind::Concern, row).await?;
        let row = concern::Entity::find_by_id(row).one(act.rows()).await?;
        let row = row.ok_or_else(|| Error::internal("a concern that was seen is gone"))?;
        Ok(Self { set: row.clone().into_active_model(), row, seen })
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
        let mut legal: Vec<&str> = act
            .may(&self.seen.sight, Kind::Concern)
            .filter(|command| workflow::is_legal(*command, from) && *command != act.command())
            .map(crate::access::Command::name)
            .collect();
        legal.sort_unstable();
        legal.dedup();
        let message = format!(
            "{}: the concern is {}; legal for you now: {}",
            act.command().name(),
            from.name(),
            legal.join(", ")
        );
        Error::new(Code::Conflict, message).with("status", from.name().into()).with("legal", legal.into())
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
    pub(super) async fn write(&self, act: &mut Act<'_>, words: Words<'_>, to: Option<Status>) -> Result<String> {
        let (audience, agency) = match words.to {
            To::Dss => ("INTERNAL", None),
            To::Mission => ("MISSION", None),
            To::Agency(agency) => ("AGENCIES", Some(agency)),
            To::Originator if self.row.origin_mission_id.is_some() => ("MISSION", None),
            To::Originator => ("AGENCIES", Some(self.row.origin_agency_id.clone())),
        };
        let id = act.new_id();
        let severity = (words.kind == "SEVERITY").then(|| self.set.severity.clone().take()).flatten();
        let row = entry::ActiveModel {
            id: Set(id.clone()),
            concern_id: Set(self.row.id.clone()),
            kind: Set(words.kind.to_owned()),
            author_id: Set(Some(act.principal().person().to_owned())),
            audience: Set(audience.to_owned()),
            tlp: Set(words.tlp.unwrap_or_else(|| self.tlp()).name().to_owned()),
            body: Set(words.body.map(str::to_owned)),
            at: Set(self.moment(act).await?),
            to_status: Set(to.map(|status| status.name().to_owned())),
            to_severity: Set(severity),
        };
        row.insert(act.rows()).await?;
        if let Some(agency_id) = agency {
            let named = entry_audience::ActiveModel { entry_id: Set(id.clone()), agency_id: Set(agency_id) };
            entry_audience::Entity::insert(named).exec_without_returning(act.rows()).await?;
        }
        act.touch(Kind::Entry, &id);
        Ok(id)
    }

    /// The present, but after every entry that is there: a log is read in the order in which it was written, whatever
    /// the clocks of two servers say, and however much is written in one instant.
    async fn moment(&self, act: &Act<'_>) -> Result<String> {
        let last = entry::Entity::find()
            .filter(entry::Column::ConcernId.eq(&self.row.id))
            .order_by_desc(entry::Column::At)
            .one(act.rows())
            .await?;
        let last = last.and_then(|entry| parse_instant(&entry.at));
        let next = last.map(|at| at.saturating_add(Duration::microseconds(1)));
        Ok(instant(next.map_or(act.now(), |next| next.max(act.now()))))
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
        act.touch(Kind::Concern, &row.id);
        let before = self.row;
        if self.set.is_changed() { Ok(self.set.update(act.rows()).await?) } else { Ok(before) }
    }
}

fn is_other<T: PartialEq + Into<sea_orm::Value> + Clone>(set: &sea_orm::ActiveValue<T>, was: &T) -> bool {
    matches!(set, Set(value) if value != was)
}
