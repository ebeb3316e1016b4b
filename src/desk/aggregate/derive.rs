//! What follows from a concern: its clock, its lines, its words, and what is told of the change.

use std::collections::{BTreeMap, BTreeSet};

use entity::concern;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Aggregate, ways};
use crate::{
    access::{
        Kind, Tlp,
        emit::{ReferralStatus, Referred},
    },
    change,
    desk::{
        Work,
        changes::{self, differing, directory, image_of},
        response::{self, Said},
        search,
        visibility::{self, Line},
    },
    error::Result,
};

impl Aggregate {
    /// Writes the concern as it is set, and all that follows from it. Returns it as it is now.
    pub(in crate::desk) async fn save(
        mut self,
        work: &mut Work,
        mut set: concern::ActiveModel,
    ) -> Result<concern::Model> {
        work.touch(Kind::Concern, &self.row.id);
        work.settle(Kind::Concern, &self.row.id);
        let mut now = applied(&self.row, &set);
        let clock = self.clock(&now)?;
        if self.is_new || !clock.is_of(&self.row) {
            clock.set(&mut set);
            now = applied(&now, &set);
        }
        if self.is_new {
            let row = now.clone().into_active_model();
            search::add(work.batch(), &search::of_row(Kind::Concern, &row));
            work.batch().insert_first(&row);
        } else if set.is_changed() {
            work.batch().update(&set);
        }
        self.tell(work, &now).await?;
        Ok(now)
    }

    fn clock(&mut self, now: &concern::Model) -> Result<response::Kept> {
        self.log.sort_by(|a, b| (&a.at, &a.id).cmp(&(&b.at, &b.id)));
        let said = self.log.iter().map(|written| Said {
            at: &written.at,
            kind: &written.kind,
            audience: &written.audience,
            to_status: written.to_status.as_deref(),
            has_body: written.has_body,
            by_dss: written.by_dss,
            for_origin_agency: written.for_origin,
            is_evidence: written.is_evidence,
        });
        response::kept_of(now, said)
    }

    /// The lines that it is to have.
    fn right(&self, now: &concern::Model) -> BTreeSet<Line> {
        let shares = self.shares.iter().filter_map(|share| share.shared.clone()).collect();
        let referrals = self.referrals.iter().map(|referral| Referred {
            agency: referral.agency.clone(),
            status: ReferralStatus::of_row(&referral.status),
        });
        visibility::lines_of(now.into(), &self.seats, (shares, referrals.collect(), self.visited.clone()))
    }

    /// Brings the lines up, and those of the mission to which it leads, and tells the log of changes.
    async fn tell(self, work: &mut Work, now: &concern::Model) -> Result<()> {
        let lines = self.right(now);
        // A line that stays may say anew where its row stands, as when something is owed: that is changed where it stands, as parts of a batch
        // must not take away and write the same.
        let stays = |line: &Line, others: &BTreeSet<Line>| others.iter().any(|other| other.is_same(line));
        let (anew, added): (Vec<&Line>, Vec<&Line>) =
            lines.difference(&self.lines).partition(|line| stays(line, &self.lines));
        let surplus: Vec<&Line> = self.lines.difference(&lines).filter(|line| !stays(line, &lines)).collect();
        visibility::remove(work.batch(), &surplus);
        visibility::replace_place(work.batch(), &anew);
        visibility::add(work.batch(), added.into_iter());
        let emissions = |lines: &BTreeSet<Line>| lines.iter().filter_map(Line::emission).collect::<Vec<_>>();
        let (before, after) = (emissions(&self.lines), emissions(&lines));
        ways::follow(work, (&now.id, &now.mission_id), &before, &after).await?;
        let mut fact = change::Fact::default().with_lines(&before, &after);
        if !self.is_new {
            let (was, now) = (image_of::<concern::Entity, _>(self.row), image_of::<concern::Entity, _>(now.clone()));
            fact.led = changes::led(Kind::Concern, &was, &now);
            fact.columns = Some(differing(&was, &now));
            fact.was = Some(directory(Kind::Concern, &was));
        }
        let named = |(kind, ids): (&Kind, &BTreeSet<String>)| (kind.name().to_owned(), ids.iter().cloned().collect());
        fact.children = self.children.iter().map(named).collect();
        if before != after {
            let of = |kind: Kind| {
                let of_kind = self.marked.iter().filter(move |child| child.kind == kind);
                let ranked = of_kind.map(|child| (child.id.clone(), Tlp::of_row(&child.tlp).rank()));
                (kind.name().to_owned(), ranked.collect())
            };
            fact.marked = BTreeMap::from([of(Kind::Entry), of(Kind::Evidence)]);
        }
        work.told_of(Kind::Concern, &now.id, &fact).await
    }
}

/// A row with what is set.
fn applied(row: &concern::Model, set: &concern::ActiveModel) -> concern::Model {
    let mut whole = row.clone().into_active_model();
    for column in <concern::Column as sea_orm::Iterable>::iter() {
        if let sea_orm::ActiveValue::Set(value) = set.get(column) {
            whole.set(column, value);
        }
    }
    // Every column has a value: the row had.
    sea_orm::TryIntoModel::try_into_model(whole).unwrap_or_else(|_| row.clone())
}
