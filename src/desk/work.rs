//! A unit of work: one transaction; what was touched is emitted again before it commits.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use entity::standing;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, sea_query::ExprTrait};

use super::{
    changes::{self, Image, Known},
    hanging::Gone,
    response, search, visibility,
};
use crate::{
    access::{Kind, Tiers},
    audit::{self, Decision, Event, Head},
    change::{self, Fact},
    clock::Clock,
    error::Result,
    model::public_id,
    store::{Batch, Store, Transaction},
};

/// Seconds that a command waits for its turn, at most: whoever waits keeps a connection from others.
const PATIENCE: u32 = 3;

/// One transaction. Dropped without [`Work::commit`], it leaves nothing behind.
pub struct Work {
    transaction: Transaction,
    clock: Clock,
    /// What is written at commit, together.
    batch: Batch,
    /// The end of the commands' chain, if it was looked at under its lock.
    head: Option<Head>,
    touched: BTreeSet<(Kind, String)>,
    /// Rows that follow from what was touched, and that whoever did it may not know of.
    derived: BTreeSet<(Kind, String)>,
    /// Rows of which only the lines are made anew.
    relined: BTreeSet<(Kind, String)>,
    /// Of what was touched, what is written with all that follows from it.
    settled: BTreeSet<(Kind, String)>,
    images: BTreeMap<(Kind, String), Image>,
    /// On what rows hung that hang there no more: deleted, or moved.
    gone: Gone,
    /// Rows that are linked to others than before, and by which table.
    linked: BTreeSet<((Kind, String), &'static str)>,
    standing_changed: bool,
    operation: Cow<'static, str>,
    told: Option<(&'static str, Event)>,
}

impl Work {
    /// Begins.
    pub async fn begin(store: &Store, clock: &Clock) -> Result<Self> {
        Ok(Self::over(store.begin().await?, clock))
    }

    /// Begins a command: its turn, and its place on the commands' chain, are held from here on, in this order. It waits
    /// for them a bounded time; SQLite bounds it for every connection. Nobody who holds the chain waits for a turn.
    pub async fn begin_turn(store: &Store, clock: &Clock) -> Result<Self> {
        let first =
            format!("set local lock_timeout = '{PATIENCE}s'; {}; {}", visibility::LOCK, audit::lock_of(audit::DESK));
        Ok(Self::over(store.begin_with(&first).await?, clock))
    }

    /// Begins something small that waits for a chain no longer than a command waits for its turn.
    pub async fn begin_soon(store: &Store, clock: &Clock) -> Result<Self> {
        let transaction = store.begin_with(&format!("set local lock_timeout = '{PATIENCE}s'")).await?;
        Ok(Self::over(transaction, clock))
    }

    fn over(transaction: Transaction, clock: &Clock) -> Self {
        let batch = Batch::new(transaction.get_database_backend());
        Self {
            transaction,
            clock: clock.clone(),
            batch,
            head: None,
            touched: BTreeSet::new(),
            derived: BTreeSet::new(),
            relined: BTreeSet::new(),
            settled: BTreeSet::new(),
            images: BTreeMap::new(),
            gone: Gone::new(),
            linked: BTreeSet::new(),
            standing_changed: false,
            operation: Cow::Borrowed("work"),
            told: None,
        }
    }

    /// The transaction, for SeaORM's inserts, updates and deletes.
    pub const fn rows(&self) -> &Transaction {
        &self.transaction
    }

    /// The clock of the work.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Says that a row of the graph was inserted, changed or deleted (a link row counts as a change of both its
    /// ends): its lines of the visibility table, those of rows that follow from it, and the words by which it is found
    /// are made anew at commit.
    ///
    /// What follows is found from the rows as they are at commit. So a row that was deleted, or moved from one
    /// parent to another, must be touched together with what it hung on before: a share with its concern, a concern
    /// with the mission it was about.
    pub fn touch(&mut self, kind: Kind, id: impl Into<String>) {
        // Standing is read from these: a writer that forgets to say so must not leave it stale.
        self.standing_changed |= matches!(kind, Kind::SendingState | Kind::Agency | Kind::Person);
        self.touched.insert((kind, id.into()));
    }

    /// Says on what a row hung that is deleted or moved, beside [`Work::touch`] or [`Work::derive`] of it: whoever follows that is told.
    pub(super) fn hung_on(&mut self, row: (Kind, &str), on: (Kind, &str)) {
        let owned = |(kind, id): (Kind, &str)| (kind, id.to_owned());
        self.gone.insert(owned(row), owned(on));
    }

    /// Says that who sees a row follows from what was changed, and nothing else of it: where [`Work::touch`] of that does not
    /// lead to it any more.
    pub(super) fn reline(&mut self, kind: Kind, id: impl Into<String>) {
        self.relined.insert((kind, id.into()));
    }

    /// Says that a row is linked to others than before, by a table of links, beside [`Work::touch`] of it.
    pub(super) fn linked(&mut self, kind: Kind, id: &str, table: &'static str) {
        self.linked.insert(((kind, id.to_owned()), table));
    }

    /// Says that a row was made or deleted because it follows from what was touched: all that [`Work::touch`] does, but
    /// the trail does not name it, as who did this may not be shown that it is there.
    pub(super) fn derive(&mut self, kind: Kind, id: impl Into<String>) {
        self.derived.insert((kind, id.into()));
    }

    /// What is written at commit, in one round trip where the engine is one away. Nothing reads it before.
    pub const fn batch(&mut self) -> &mut Batch {
        &mut self.batch
    }

    /// Says that what follows from a touched row is in the batch.
    pub(super) fn settle(&mut self, kind: Kind, id: &str) {
        self.settled.insert((kind, id.to_owned()));
    }

    /// What is told to whoever follows a settled row.
    pub(super) async fn told_of(&mut self, kind: Kind, row: &str, fact: &Fact) -> Result<()> {
        let at = self.clock.now_text();
        let known = (&(kind, row.to_owned()), fact.was.clone());
        Box::pin(changes::clock_first(&self.transaction, known, &fact.before(), &at)).await?;
        change::append_to(&mut self.batch, &at, (kind, row), fact)
    }

    /// The end of the commands' chain, as it was read under the turn.
    pub(super) fn ends(&mut self, head: Head) {
        self.head = Some(head);
    }

    /// Keeps what a row is before it is changed, so that whoever follows it is told what changed of it and no more.
    /// Of a row that was touched before nothing is kept.
    pub async fn remember(&mut self, kind: Kind, id: &str) -> Result<()> {
        let key = (kind, id.to_owned());
        if !self.touched.contains(&key)
            && !self.images.contains_key(&key)
            && let Some(image) = changes::image(&self.transaction, kind, id).await?
        {
            self.images.insert(key, image);
        }
        Ok(())
    }

    /// Says that standing changed (agency, keys, areas, registered missions, person, portfolio, roster).
    pub fn standing_changed(&mut self) {
        self.standing_changed = true;
    }

    /// Says what the work is, for the audit trail: the command of an operator who does it.
    pub fn is(&mut self, operation: impl Into<Cow<'static, str>>) {
        self.operation = operation.into();
    }

    /// What was touched, as the audit trail names it.
    pub fn objects(&self) -> Vec<String> {
        self.touched.iter().map(|(kind, row)| audit::object_id(&public_id(*kind, row), Tiers::NONE)).collect()
    }

    /// What the audit trail is told of this work, on whose chain, where it is not an operator's.
    pub fn tell(&mut self, writer: &'static str, event: Event) {
        self.told = Some((writer, event));
    }

    /// Brings what is derived up to the rows, tells the audit trail, and commits.
    pub async fn commit(mut self) -> Result<()> {
        let objects = self.objects();
        let mut touched: BTreeSet<(Kind, String)> = self.touched.difference(&self.settled).cloned().collect();
        touched.append(&mut self.derived);
        if !touched.is_empty() {
            self.write().await?;
            // Also of a turn that has the lock: what follows from a mission may be much.
            visibility::lock(&self.transaction).await?;
            let lines = touched.union(&self.relined).cloned().collect();
            let relined = Box::pin(visibility::renew(&self.transaction, lines)).await?;
            // After it: under its lock.
            Box::pin(response::renew(&self.transaction, &touched)).await?;
            search::renew(&self.transaction, touched.clone()).await?;
            let known = Known { images: &self.images, gone: &self.gone, linked: &self.linked };
            changes::tell(&self.transaction, &self.clock.now_text(), &touched, relined, known).await?;
        }
        if self.standing_changed {
            raise_standing(&self.transaction).await?;
        }
        let (writer, event) = self.told.take().unwrap_or_else(|| {
            let event = Event::by_nobody(self.clock.now_text(), self.operation.clone(), Decision::Done);
            (audit::OPERATOR, Event { objects, ..event })
        });
        if let Some(head) = self.head.take().filter(|_| writer == audit::DESK) {
            self.batch.insert(&audit::after(&head, writer, &event));
        } else {
            self.write().await?;
            // Last: whoever holds a chain waits for nobody.
            audit::append(&self.transaction, writer, &[event]).await?;
        }
        self.write().await?;
        self.transaction.commit().await?;
        Ok(())
    }

    async fn write(&mut self) -> Result<()> {
        let backend = self.batch.backend();
        Ok(std::mem::replace(&mut self.batch, Batch::new(backend)).write(&self.transaction).await?)
    }
}

async fn raise_standing(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    standing::Entity::update_many()
        .col_expr(standing::Column::Version, standing::Column::Version.into_expr().add(1))
        .exec(db)
        .await?;
    Ok(())
}
