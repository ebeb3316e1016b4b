//! What a group follows, and what it tells of one change.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use aws_lc_rs::digest;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Filter, Positions,
    position::{Position, fingerprint},
};
use crate::{
    access::{Kind, Tier, Tiers, Tlp, emit::Emission, lines},
    audit::{self, Decision, Event, Trail},
    change::{Change, Directory},
    clock::Clock,
    error::{Code, Error, Result},
    identity::Principal,
    model::{
        public_id,
        stream::{self, SUBSCRIPTION, Stream, Which},
    },
    read::{
        Asker, Reader,
        coerce::Variables,
        plan::{Hanging, StreamPlan, Told},
    },
};

/// What is the same for everybody who is told the same: by whom and of what a group is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicKey(Vec<u8>);

impl TopicKey {
    /// Of a text that says all of it, which may be long.
    pub fn of(text: &str) -> Self {
        Self(digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec())
    }
}

/// With what rows are looked at, and where that is told.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Answers.
    pub reader: Arc<Reader>,
    /// Is told what was read, before it leaves.
    pub trail: Trail,
    /// Says what time it is.
    pub clock: Clock,
    /// How long a look at a row may take.
    pub limit: Duration,
}

/// What a group follows: one selection of one stream, for one standing.
#[derive(Debug)]
pub struct Topic {
    /// By what it is found.
    pub key: TopicKey,
    /// Who asks.
    pub principal: Arc<Principal>,
    /// What statements know of who asks; keys and time are those of each moment.
    pub asker: Asker,
    /// Which stream.
    pub stream: &'static Stream,
    /// The statement, and what is told.
    pub plan: Arc<StreamPlan>,
    /// The values of the variables.
    pub variables: Variables,
    /// Which rows.
    pub filter: Filter,
    /// The response key of the stream's field.
    pub response_key: String,
    /// What the audit trail calls it.
    pub operation: String,
    /// With what it looks.
    pub shown: Shown,
}

/// What became of a change for a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing that its subscribers would see.
    Silent,
    /// An event.
    Told(Arc<str>),
    /// Standing is at this version, and the principal was made under another.
    Stale(i64),
}

/// Children that a change of lines opened or closed.
#[derive(Debug, Default)]
struct Turned {
    /// These may be open now: the statement says whether they are for who asks.
    opened: Vec<(Kind, String)>,
    /// Some were open and are not. For whom they were cannot be asked any more.
    is_closed: bool,
}

/// A row as a statement returned it: see [`StreamPlan::plan`].
#[derive(Deserialize)]
struct Now<'a>(u8, Vec<Option<String>>, Vec<Vec<String>>, #[serde(borrow)] Vec<&'a RawValue>);

impl Topic {
    /// The keys held now.
    pub(super) fn keys(&self) -> Arc<[String]> {
        self.principal.keys(&self.shown.clock.now_text())
    }

    /// Whether a change may concern it at all: whether it ever was, or is, open by a key that is held.
    pub(super) fn wants(&self, change: &Change, keys: &[String]) -> bool {
        change.kind == self.stream.kind
            && (keys.iter().any(|key| change.fact.keys.contains(key)) || self.is_always_open(change.kind))
    }

    fn is_always_open(&self, kind: Kind) -> bool {
        lines::opened(self.principal.role(), self.asker.scope.internal, kind, [].iter()).has(Tier::D)
    }

    /// What its subscribers are told of a change: of the row as it is now, if something that they selected of it is
    /// another than before the change; that it is gone, if it was there for them before the change and is no more.
    /// `ahead` are the rows that were told as they were after a later change; so is this one, after `present`.
    pub(super) async fn decide(
        &self,
        change: &Change,
        keys: &[String],
        (ahead, present): (&[(String, i64)], i64),
        positions: &Positions,
    ) -> Result<Verdict> {
        let now = self.shown.clock.now_text();
        let mut turned = self.turned(change, keys, &now);
        self.hung(change, keys, &now, &mut turned);
        let children = self.plan.watched.children.iter().map(|child| {
            let touched = change.fact.children.get(child.kind.name()).into_iter().flatten();
            let touched = touched.filter(|row| self.is_altered(change, child, row, keys, &now));
            let opened = turned.opened.iter().filter(|(of, _)| *of == child.kind).map(|(_, row)| row);
            serde_json::Value::from(touched.chain(opened).cloned().collect::<Vec<_>>()).to_string()
        });
        let listed = |rows: Vec<String>| serde_json::Value::from(rows).to_string();
        let ends = self
            .plan
            .watched
            .edges
            .iter()
            .map(|(kind, _)| listed(change.fact.led.get(kind.name()).cloned().unwrap_or_default()));
        let chosen = self.stream.edges().into_iter().map(|(column, _)| listed(self.filter.asked(column)));
        let changed = [change.row.clone()].into_iter().chain(children).chain(ends).chain(chosen).collect();
        let asker = Asker { keys: keys.into(), now: now.clone(), changed, ..self.asker.clone() };
        let read = self.shown.reader.run(&self.plan.plan, &self.variables, &asker);
        let late = |_| Error::new(Code::Timeout, "a change took too long to look at");
        let read = tokio::time::timeout(self.shown.limit, read).await.map_err(late)??;
        let read = read.ok_or_else(|| Error::internal("a stream's plan reads nothing"))?;
        if read.standing_version != self.principal.standing_version() {
            return Ok(Verdict::Stale(read.standing_version));
        }
        let mut texts = read.columns.into_iter();
        let text = texts.next().flatten();
        let found: Option<Now<'_>> = text.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
        // An edge to a hidden row is not there, to a filter either.
        let chosen: Option<Vec<Vec<String>>> =
            texts.next().flatten().as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
        let columns = self.stream.edges().into_iter().map(|(column, _)| column);
        let chosen: Vec<_> = columns.zip(chosen.unwrap_or_default()).collect();
        let filter = self.filter.among(&chosen);
        let found = found.filter(|now| filter.allows(&directory(change.kind, &now.1)));
        let before = self.before(change, keys, &filter);
        let mut place = Position { ahead: ahead.to_vec(), ..self.place(change.sequence, keys) };
        place.ahead.retain(|(row, until)| *row != change.row && *until > change.sequence);
        if present > change.sequence {
            place.ahead.push((change.row.clone(), present));
        }
        let Some(Now(tiers, _, children, selections)) = found else {
            return match before {
                Some(_) => Ok(Verdict::Told(self.event("REMOVED", Some(&change.row), &[], &place, positions)?)),
                None => Ok(Verdict::Silent),
            };
        };
        let is_other = |before| turned.is_closed || self.is_other(change, before, Tiers::from_bits(tiers), &children);
        if before.is_some_and(|before| !is_other(before)) {
            return Ok(Verdict::Silent);
        }
        if !read.disclosed.is_empty() {
            let objects = read.disclosed.iter().map(|(row, tiers)| audit::object_id(row, *tiers)).collect();
            let event = Event::by(&self.principal, now, self.operation.clone(), Decision::Read);
            self.shown.trail.record(Event { objects, ..event }).await?;
        }
        Ok(Verdict::Told(self.event("CHANGED", Some(&change.row), &selections, &place, positions)?))
    }

    /// Children with a marking of their own that the change of the row's lines may have opened or closed.
    fn turned(&self, change: &Change, keys: &[String], now: &str) -> Turned {
        let (before, after) = (change.fact.before(), change.fact.after());
        let role = self.principal.role();
        let mut turned = Turned::default();
        for Hanging { kind, .. } in &self.plan.watched.children {
            let Some(rows) = change.fact.marked.get(kind.name()) else { continue };
            let reach = |lines: &[Emission], at: &str| {
                lines::reach(role, change.kind, kind.shown_by(), lines::held(lines, keys, at)).map(Tlp::rank)
            };
            let (was, is) = (reach(&before, &change.seen_at), reach(&after, now));
            for (row, rank) in rows {
                let (was, is) = (was.is_some_and(|reach| *rank <= reach), is.is_some_and(|reach| *rank <= reach));
                if is && !was {
                    turned.opened.push((*kind, row.clone()));
                }
                turned.is_closed |= was && !is;
            }
        }
        turned
    }

    /// Whether something that was selected of a row that hangs on the changed one is another than before, as far as that is
    /// known: a value that may not be read is none.
    fn is_altered(&self, change: &Change, child: &Hanging, row: &str, keys: &[String], now: &str) -> bool {
        let altered = change.fact.altered.get(child.kind.name()).and_then(|rows| rows.get(row));
        let (Some(altered), Some(columns)) = (altered, &child.columns) else { return true };
        let (role, internal) = (self.principal.role(), self.asker.scope.internal);
        let open = |kind: Kind, lines: &[Emission]| lines::opened(role, internal, kind, lines::held(lines, keys, now));
        // A child is as deep as what it hangs on. Of what was opened or closed its lines tell.
        let tiers = if child.kind.parent() == Some(change.kind) {
            open(change.kind, &change.fact.after())
        } else {
            let lines = change.fact.hung(child.kind).find(|(hung, ..)| *hung == row);
            let Some((_, before, after)) = lines else { return true };
            open(child.kind, &before) | open(child.kind, &after)
        };
        columns.iter().any(|(column, tier)| tiers.has(*tier) && altered.contains(*column))
    }

    /// Rows that hang on the changed one, and that their own lines opened or closed, or that are gone.
    fn hung(&self, change: &Change, keys: &[String], now: &str, turned: &mut Turned) {
        let (role, internal) = (self.principal.role(), self.asker.scope.internal);
        let (before, after) = (change.fact.before(), change.fact.after());
        let open =
            |lines: &[Emission], at: &str| lines::opened(role, internal, change.kind, lines::held(lines, keys, at));
        let (had, has) = (open(&before, &change.seen_at), open(&after, now));
        for Hanging { kind, tier, .. } in &self.plan.watched.children {
            let is_child = kind.parent() == Some(change.kind);
            let is_open = |on: Tiers, lines: &[Emission], at: &str| {
                let mut held = lines::held(lines, keys, at);
                on.has(*tier)
                    && if is_child {
                        held.any(|line| !(line.cap & on).is_empty())
                    } else {
                        lines::opened(role, internal, *kind, held).has(Tier::D)
                    }
            };
            for (row, before, after) in change.fact.hung(*kind) {
                // One that every principal of the role sees by no line of its own is open as long as it is there.
                let (was, is) = (is_open(had, &before, &change.seen_at), is_open(has, &after, now));
                if is && !was {
                    turned.opened.push((*kind, row.to_owned()));
                }
                turned.is_closed |= was && !is;
            }
        }
    }

    /// How deep the row was open before the change, where it was followed then.
    fn before(&self, change: &Change, keys: &[String], filter: &Filter) -> Option<Tiers> {
        let was = change.fact.was.as_ref().filter(|was| filter.allows(was))?;
        let lines = change.fact.before();
        // What the clock has ended since then was there then.
        let held = lines::held(&lines, keys, &change.seen_at);
        let role = self.principal.role();
        if let Which::Board { due } = self.stream.which
            && (!lines::is_responsible(role, held.clone()) || was.get(due).is_none_or(Option::is_none))
        {
            return None;
        }
        let tiers = lines::opened(role, self.asker.scope.internal, change.kind, held);
        tiers.has(Tier::D).then_some(tiers)
    }

    /// Whether something that was selected is another than before: a value that was and is open, a value that was
    /// opened or closed, a child that is visible.
    fn is_other(&self, change: &Change, before: Tiers, now: Tiers, children: &[Vec<String>]) -> bool {
        let watched = &self.plan.watched;
        if watched.depth && before != now {
            return true;
        }
        let columns = watched.columns.iter().any(|(column, tier)| match (before.has(*tier), now.has(*tier)) {
            (true, true) => change.fact.columns.as_ref().is_none_or(|changed| changed.contains(*column)),
            (was, is) => was != is,
        });
        let tiers = watched.children.iter().map(|child| child.tier).chain(watched.edges.iter().map(|(_, tier)| *tier));
        let children = tiers
            .zip(children)
            .any(|(tier, visible)| before.has(tier) != now.has(tier) || now.has(tier) && !visible.is_empty());
        columns || children
    }

    /// That everything is to be read afresh, from a place on.
    pub(super) fn resync(&self, sequence: i64, keys: &[String], positions: &Positions) -> Result<Arc<str>> {
        self.event("RESYNC", None, &[], &self.place(sequence, keys), positions)
    }

    /// The complete JSON text of one response of the stream.
    fn event(
        &self,
        change: &str,
        row: Option<&str>,
        selections: &[&RawValue],
        place: &Position,
        positions: &Positions,
    ) -> Result<Arc<str>> {
        let size: usize = selections.iter().map(|selection| selection.get().len()).sum();
        let mut text = String::with_capacity(size + 256);
        let _ = write!(text, "{{\"data\":{{\"{}\":{{", self.response_key);
        for (index, (key, told)) in self.plan.fields.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            // Response keys, names and ids need no escape.
            let _ = match told {
                Told::Typename => write!(text, "\"{key}\":\"{}\"", self.stream.event_name()),
                Told::Change => write!(text, "\"{key}\":\"{change}\""),
                Told::Id => match row {
                    Some(row) => write!(text, "\"{key}\":\"{}\"", public_id(self.stream.kind, row)),
                    None => write!(text, "\"{key}\":null"),
                },
                Told::Cursor => write!(text, "\"{key}\":\"{}\"", positions.seal(&self.bearer(), place)?),
                Told::Row(place) => {
                    write!(text, "\"{key}\":{}", selections.get(*place).map_or("null", |selection| selection.get()))
                }
            };
        }
        text.push_str("}}}");
        Ok(text.into())
    }

    /// A place under these keys.
    fn place(&self, sequence: i64, keys: &[String]) -> Position {
        Position { sequence, standing: fingerprint(keys), topic: self.fingerprint(), ahead: Vec::new() }
    }

    /// Of what is selected of which rows.
    pub(super) fn fingerprint(&self) -> u64 {
        fingerprint(&[format!("{:?}", self.filter), format!("{:?}", self.plan.watched)])
    }

    /// To whom positions are bound: the person in the role, and the stream.
    pub(super) fn bearer(&self) -> String {
        format!("{SUBSCRIPTION}.{} {}", self.stream.name, self.asker.bearer)
    }
}

/// The directory's values in the order of [`stream::directory`], by their columns.
fn directory(kind: Kind, values: &[Option<String>]) -> Directory {
    let columns = stream::directory(kind).into_iter().map(str::to_owned);
    columns.zip(values.iter().cloned()).collect()
}
