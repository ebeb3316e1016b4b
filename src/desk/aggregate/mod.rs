//! A concern with what hangs on it: read together, changed together, and what follows from it derived together.
//!
//! A command on a concern knows everything that its derived rows follow from once it has looked: its shares and
//! referrals, its log, the seats of its missions, and the lines that it has. So what follows is computed here, by the
//! functions by which it is made anew for any other row, and nothing is read again. That is so until the command is
//! committed, as it holds the lock under which lines are made from before it looks: who changes a mission, or a person,
//! makes the lines anew that follow from it, after this command.

mod derive;
mod read;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use entity::{concern, entry, entry_audience, evidence, referral, share};
use sea_orm::{ActiveValue::Set, IntoActiveModel};

pub(in crate::desk) use read::columns;

use super::{
    search,
    visibility::{self, Line, Seat},
};
use crate::{
    access::{
        Kind,
        emit::{self, Assigned, EntryAudience, EntryFacts, EvidenceFacts, ReferralFacts, ShareFacts, Shared, To},
    },
    desk::Work,
};

/// A concern with what hangs on it.
#[derive(Debug)]
pub(in crate::desk) struct Aggregate {
    /// As it was found, or made.
    row: concern::Model,
    is_new: bool,
    /// Of the mission that it is about, and of the one that raised it.
    seats: BTreeMap<String, Seat>,
    shares: Vec<Shown>,
    referrals: Vec<Offered>,
    /// Who is on the detail of the visit that it has to do with.
    visited: Vec<Assigned>,
    log: Vec<Written>,
    /// For whom the last entry was written here.
    written_for: EntryAudience,
    /// Children with a marking of their own.
    marked: Vec<Marked>,
    /// Its lines as they are stored.
    lines: BTreeSet<Line>,
    /// Children that are new or changed.
    children: BTreeMap<Kind, BTreeSet<String>>,
}

/// A share.
#[derive(Debug)]
struct Shown {
    id: String,
    /// None where it is for nobody.
    shared: Option<Shared>,
}

/// A referral.
#[derive(Debug)]
struct Offered {
    id: String,
    agency: String,
    status: String,
}

/// A child with a marking.
#[derive(Debug)]
struct Marked {
    kind: Kind,
    id: String,
    tlp: String,
}

/// An entry, as far as anything follows from it.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "what is so of an entry, each of it alone")]
struct Written {
    id: String,
    at: String,
    kind: String,
    audience: String,
    to_status: Option<String>,
    has_body: bool,
    by_dss: bool,
    for_origin: bool,
    is_evidence: bool,
}

impl Aggregate {
    fn of(row: concern::Model, seats: BTreeMap<String, Seat>) -> Self {
        Self {
            row,
            is_new: false,
            seats,
            shares: Vec::new(),
            referrals: Vec::new(),
            visited: Vec::new(),
            log: Vec::new(),
            written_for: EntryAudience::Internal,
            marked: Vec::new(),
            lines: BTreeSet::new(),
            children: BTreeMap::new(),
        }
    }

    /// One that is yet to be written, about a mission with this seat.
    pub(in crate::desk) fn new(row: concern::Model, seat: Seat) -> Self {
        let seats = [(row.mission_id.clone(), seat)].into();
        Self { is_new: true, ..Self::of(row, seats) }
    }

    /// Who is on the detail of the visit that it has to do with from now on.
    pub(in crate::desk) fn visited_by(&mut self, assigned: Vec<Assigned>) {
        self.visited = assigned;
    }

    /// The concern as it was found.
    pub(in crate::desk) const fn row(&self) -> &concern::Model {
        &self.row
    }

    /// When the last entry was written.
    pub(in crate::desk) fn last_entry(&self) -> Option<&str> {
        self.log.iter().map(|entry| entry.at.as_str()).max()
    }

    /// Whether it is shown there by a share that holds at an instant.
    pub(in crate::desk) fn is_shown(&self, to: &To, at: &str) -> bool {
        let mut shares = self.shares.iter().filter_map(|share| share.shared.as_ref());
        shares.any(|share| share.to == *to && !share.revoked && share.expires_at.as_deref().is_none_or(|end| end > at))
    }

    /// Whether it is referred to an agency, by a referral in one of these statuses.
    pub(in crate::desk) fn is_referred(&self, agency: &str, statuses: &[&str]) -> bool {
        self.referrals.iter().any(|referral| referral.agency == agency && statuses.contains(&referral.status.as_str()))
    }

    /// Referrals that wait for an agency, or are with one, if the status is one of these.
    pub(in crate::desk) fn referrals_in(&self, statuses: &[&str]) -> usize {
        self.referrals.iter().filter(|referral| statuses.contains(&referral.status.as_str())).count()
    }

    /// Writes an entry, for an agency if one is named.
    pub(in crate::desk) fn add_entry(&mut self, work: &mut Work, row: entry::Model, to: Option<String>, by_dss: bool) {
        let for_origin = to.as_ref() == Some(&self.row.origin_agency_id);
        self.written_for = self.audience(&row.audience, to.iter().cloned().collect());
        let lines = emit::entry(&EntryFacts { audience: self.written_for.clone() });
        self.add_child(work, Kind::Entry, &row.id, lines);
        self.marked.push(Marked { kind: Kind::Entry, id: row.id.clone(), tlp: row.tlp.clone() });
        self.log.push(Written {
            id: row.id.clone(),
            at: row.at.clone(),
            kind: row.kind.clone(),
            audience: row.audience.clone(),
            to_status: row.to_status.clone(),
            has_body: row.body.is_some(),
            by_dss,
            for_origin,
            is_evidence: false,
        });
        let id = row.id.clone();
        Self::insert(work, Kind::Entry, row);
        if let Some(agency_id) = to {
            work.batch().insert(&entry_audience::ActiveModel { entry_id: Set(id), agency_id: Set(agency_id) });
        }
    }

    /// Writes a piece of evidence: it is for whom the entry is by which it is added, the last one that was written.
    pub(in crate::desk) fn add_evidence(&mut self, work: &mut Work, row: evidence::Model) {
        if let Some(written) = self.log.iter_mut().find(|written| written.id == row.entry_id) {
            written.is_evidence = true;
        }
        let lines = emit::evidence(&EvidenceFacts { audience: self.written_for.clone() });
        self.add_child(work, Kind::Evidence, &row.id, lines);
        self.marked.push(Marked { kind: Kind::Evidence, id: row.id.clone(), tlp: row.tlp.clone() });
        Self::insert(work, Kind::Evidence, row);
    }

    /// Writes a referral.
    pub(in crate::desk) fn add_referral(&mut self, work: &mut Work, row: referral::Model) {
        let lines = emit::referral(&ReferralFacts { agency: row.agency_id.clone() });
        self.add_child(work, Kind::Referral, &row.id, lines);
        let (id, agency, status) = (row.id.clone(), row.agency_id.clone(), row.status.clone());
        self.referrals.push(Offered { id, agency, status });
        Self::insert(work, Kind::Referral, row);
    }

    /// Changes a referral.
    pub(in crate::desk) fn change_referral(&mut self, work: &mut Work, set: &referral::ActiveModel) {
        let (id, status) = (set.id.clone().take().unwrap_or_default(), set.status.clone().take());
        for referral in self.referrals.iter_mut().filter(|referral| referral.id == id) {
            referral.status = status.clone().unwrap_or_default();
        }
        self.touch(work, Kind::Referral, &id);
        work.batch().update(set);
    }

    /// Writes a share.
    pub(in crate::desk) fn add_share(&mut self, work: &mut Work, row: share::Model) {
        let whom = (row.agency_id.clone(), row.person_id.clone());
        let is_revoked = row.revoked_at.is_some();
        let shared = visibility::shared(whom, &row.tier_cap, &row.tlp_cap, row.expires_at.clone(), is_revoked);
        let lines = shared.as_ref().map(|shared| emit::share(&ShareFacts { to: shared.to.clone() }));
        self.add_child(work, Kind::Share, &row.id, lines.unwrap_or_default());
        self.shares.push(Shown { id: row.id.clone(), shared });
        Self::insert(work, Kind::Share, row);
    }

    /// Ends a share.
    pub(in crate::desk) fn revoke_share(&mut self, work: &mut Work, id: &str, at: String) {
        for shared in self.shares.iter_mut().filter(|share| share.id == id).filter_map(|share| share.shared.as_mut()) {
            shared.revoked = true;
        }
        self.touch(work, Kind::Share, id);
        let (id, revoked_at) = (Set(id.to_owned()), Set(Some(at)));
        work.batch().update(&share::ActiveModel { id, revoked_at, ..Default::default() });
    }

    /// For whom an entry is that was written for these: the mission is the one that raised the concern, else the one
    /// that it is about.
    fn audience(&self, stored: &str, agencies: Vec<String>) -> EntryAudience {
        let mission = self.row.origin_mission_id.as_ref().unwrap_or(&self.row.mission_id);
        EntryAudience::of_row(stored, Some(mission.clone()), agencies)
    }

    fn add_child(&mut self, work: &mut Work, kind: Kind, id: &str, lines: Vec<emit::Emission>) {
        self.touch(work, kind, id);
        visibility::add(work.batch(), visibility::undated(kind, id, lines).iter());
    }

    fn touch(&mut self, work: &mut Work, kind: Kind, id: &str) {
        work.touch(kind, id);
        work.settle(kind, id);
        self.children.entry(kind).or_default().insert(id.to_owned());
    }

    fn insert<M, A>(work: &mut Work, kind: Kind, row: M)
    where
        M: IntoActiveModel<A>,
        A: sea_orm::ActiveModelTrait,
    {
        let row = row.into_active_model();
        search::add(work.batch(), &search::of_row(kind, &row));
        work.batch().insert(&row);
    }
}
