//! A command in the doing: who does it, what they see, what they change.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use sea_orm::{ConnectionTrait, EntityTrait, QueryResult, Statement, Value as Bound};
use time::OffsetDateTime;

use super::Input;
use crate::{
    access::{Command, Ground, Kind, table},
    audit::{self, Decision, Event, Head},
    clock::instant,
    desk::Work,
    error::{Code, Error, Result},
    id,
    identity::Principal,
    model::{
        mutation::{EXPECTED_VERSION, Holds, Mutation},
        public_id,
    },
    read::{Asker, Look, Looks, Parameter, Sight, keys},
    store::{Engine, Transaction},
};

/// A command in the doing. Dropped without [`Act::commit`], it leaves nothing behind.
pub struct Act<'a> {
    work: Work,
    principal: &'a Principal,
    asker: &'a Asker,
    looks: &'a Looks,
    mutation: &'static Mutation,
    now: OffsetDateTime,
    /// The grounds that granted it.
    granted: Mutex<BTreeSet<Ground>>,
    /// The version of standing, once a statement has told it. It cannot change while the turn is held.
    standing: Mutex<Option<i64>>,
}

/// What is read with a row that is looked at: columns, and the tables that they are of, if the row is seen.
pub struct Beside {
    columns: String,
    joined: String,
    values: Vec<Bound>,
}

impl Beside {
    /// Columns of a table under the alias `c`, of the row that is looked at. Further columns tell what hangs on it.
    pub fn row(table: &str, columns: String) -> Self {
        Self { columns, joined: table.to_owned(), values: Vec::new() }
    }

    /// A column more, with a value in it: `?` stands for it.
    pub fn and(mut self, column: &str, value: &str) -> Self {
        self.columns.push_str(", ");
        self.columns.push_str(column);
        self.values.push(value.into());
        self
    }
}

/// A row on which the principal may do what is being done.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its id.
    pub row: String,
    /// How the principal sees it.
    pub sight: Sight,
}

impl<'a> Act<'a> {
    pub(super) fn new(
        work: Work,
        principal: &'a Principal,
        asker: &'a Asker,
        looks: &'a Looks,
        mutation: &'static Mutation,
    ) -> Self {
        let now = work.clock().now();
        let (granted, standing) = (Mutex::default(), Mutex::default());
        Self { work, principal, asker, looks, mutation, now, granted, standing }
    }

    /// Who does it.
    pub const fn principal(&self) -> &Principal {
        self.principal
    }

    /// What is done.
    pub const fn command(&self) -> Command {
        self.mutation.command
    }

    /// The present, one instant per command.
    pub const fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// The present as rows hold it.
    pub fn at(&self) -> String {
        instant(self.now)
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        id::new(self.now)
    }

    /// The transaction.
    pub const fn rows(&self) -> &Transaction {
        self.work.rows()
    }

    /// Keeps what a row is before it is changed: see [`Work::remember`].
    pub async fn remember(&mut self, kind: Kind, row: &str) -> Result<()> {
        self.work.remember(kind, row).await
    }

    /// Says that a row was inserted, changed or deleted: see [`Work::touch`].
    pub fn touch(&mut self, kind: Kind, row: &str) {
        self.work.touch(kind, row);
    }

    /// Says that a row is deleted, and on what it hung: see [`Work::hung_on`].
    pub fn removed(&mut self, kind: Kind, row: &str, on: (Kind, &str)) {
        self.work.touch(kind, row);
        self.work.hung_on((kind, row), on);
    }

    /// Says that standing changed: see [`Work::standing_changed`].
    pub fn standing_changed(&mut self) {
        self.work.standing_changed();
    }

    /// The unit of work, for what the registry does.
    pub const fn work(&mut self) -> &mut Work {
        &mut self.work
    }

    /// The rows of the payload, in its order: those of the names given, nothing for the others.
    pub fn changed(&self, rows: &[(&str, &str)]) -> Vec<String> {
        let of = |name: &str| rows.iter().find(|(have, _)| *have == name).map(|(_, row)| (*row).to_owned());
        self.mutation.payload.iter().map(|field| of(field.name).unwrap_or_default()).collect()
    }

    /// The version of standing in the transaction.
    pub(super) async fn standing_version(&self) -> Result<i64> {
        if let Some(version) = *self.standing.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(version);
        }
        let row = entity::standing::Entity::find().one(self.rows()).await?;
        let version = row.ok_or_else(|| Error::internal("the row of standing is gone"))?.version;
        self.tells(version);
        Ok(version)
    }

    fn tells(&self, version: i64) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = Some(version);
    }

    /// A row as the principal sees it; `None` when it is absent or hidden.
    pub async fn sight(&self, kind: Kind, row: &str) -> Result<Option<Sight>> {
        let look = self.looks.at(self.asker, kind, row, false)?;
        let answer = self.look(&look, look.sql().to_owned(), &[]).await?;
        look.found(answer.try_get::<Option<String>>("", "seen")?.as_deref())
    }

    async fn look(&self, look: &Look, sql: String, more: &[Bound]) -> Result<QueryResult> {
        let values = look.parameters.iter().map(|parameter| bound(parameter, self.looks.dialect().engine()));
        let values = values.chain(more.iter().cloned());
        let statement = Statement::from_sql_and_values(self.rows().get_database_backend(), sql, values);
        let answer = self.rows().query_one_raw(statement).await?;
        let answer = answer.ok_or_else(|| Error::internal("a look without an answer"))?;
        self.tells(answer.try_get("", "standing")?);
        Ok(answer)
    }

    /// The row that the input names, on which the command is done: NOT_FOUND when it is absent or hidden, FORBIDDEN
    /// when no ground that holds grants it, CONFLICT when it is not at the version that was expected.
    pub async fn on(&self, input: &Input, field: &str) -> Result<Seen> {
        let kind = self.command().on();
        let row = input.row(field, kind);
        let look = self.looks.at(self.asker, kind, &row, input.has(EXPECTED_VERSION))?;
        let answer = self.look(&look, look.sql().to_owned(), &[]).await?;
        self.judged(&look, &answer, (input, field), row)
    }

    /// The same, and what is read beside the row by the same statement. Of a row that is hidden nothing is read, as of
    /// one that is absent.
    pub async fn on_with(&mut self, input: &Input, field: &str, beside: Beside) -> Result<(Seen, QueryResult)> {
        let kind = self.command().on();
        let row = input.row(field, kind);
        let look = self.looks.at(self.asker, kind, &row, input.has(EXPECTED_VERSION))?;
        let beside =
            Beside { columns: format!("{} as chain, {}", audit::head_column(audit::DESK), beside.columns), ..beside };
        let answer = self.look_with(&look, &row, beside).await?;
        let chain: Option<String> = answer.try_get("", "chain")?;
        self.work.ends(Head::of_column(chain.as_deref())?);
        Ok((self.judged(&look, &answer, (input, field), row)?, answer))
    }

    /// A row as the principal sees it, and what is read beside it.
    pub async fn sight_with(&self, kind: Kind, row: &str, beside: Beside) -> Result<(Option<Sight>, QueryResult)> {
        let look = self.looks.at(self.asker, kind, row, false)?;
        let answer = self.look_with(&look, row, beside).await?;
        Ok((look.found(answer.try_get::<Option<String>>("", "seen")?.as_deref())?, answer))
    }

    async fn look_with(&self, look: &Look, row: &str, beside: Beside) -> Result<QueryResult> {
        let sign = if self.looks.dialect().engine() == Engine::Postgres { '$' } else { '?' };
        let mut number = look.parameters.len();
        let mut place = || {
            number += 1;
            format!("{sign}{number}")
        };
        let id = place();
        let mut columns = String::with_capacity(beside.columns.len());
        for character in beside.columns.chars() {
            if character == '?' { columns.push_str(&place()) } else { columns.push(character) }
        }
        let sql = format!(
            "with s as materialized ({}) select s.standing, s.seen, {columns} from s left join {} c on s.seen is not null and c.id = {id}",
            look.sql(),
            beside.joined
        );
        let mut more = Vec::with_capacity(1 + beside.values.len());
        more.push(Bound::from(row));
        more.extend(beside.values);
        self.look(look, sql, &more).await
    }

    fn judged(&self, look: &Look, answer: &QueryResult, (input, field): (&Input, &str), row: String) -> Result<Seen> {
        let sight = look.found(answer.try_get::<Option<String>>("", "seen")?.as_deref())?;
        let Some(sight) = sight else { return Err(not_found(field)) };
        self.grant(self.command().on(), &sight.grounds)?;
        let expected = input.whole(EXPECTED_VERSION);
        if expected.is_some() && expected != sight.version {
            let message = format!("input.{EXPECTED_VERSION}: it has changed since: read it again");
            return Err(Error::new(Code::Conflict, message).with("version", sight.version.into()));
        }
        Ok(Seen { row, sight })
    }

    /// For a command that makes a row: FORBIDDEN when no ground grants it that every row of the type offers.
    pub fn makes(&self) -> Result<()> {
        let kind = self.command().on();
        self.grant(kind, &self.looks.at_every(self.asker, kind))
    }

    /// Remembers the grounds that grant the command; FORBIDDEN when there is none.
    fn grant(&self, kind: Kind, held: &[Ground]) -> Result<()> {
        let command = self.command();
        let grants = |ground: &Ground| table::commands(self.principal.role(), kind, *ground).any(|may| may == command);
        let granted: Vec<Ground> = held.iter().copied().filter(grants).collect();
        if granted.is_empty() {
            return Err(Error::new(Code::Forbidden, format!("{}: not yours to do on this row", command.name())));
        }
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).extend(granted);
        Ok(())
    }

    /// What the principal may do with a row of a type that it sees so.
    pub fn may<'s>(&'s self, sight: &'s Sight, kind: Kind) -> impl Iterator<Item = Command> + 's {
        let role = self.principal.role();
        sight.grounds.iter().flat_map(move |ground: &Ground| table::commands(role, kind, *ground))
    }

    /// The error of a step that is not legal where a row stands, with those that are for whoever asks.
    pub fn illegal(&self, sight: &Sight, kind: Kind, status: &str, is_legal: impl Fn(Command) -> bool) -> Error {
        let mut legal: Vec<&str> =
            self.may(sight, kind).filter(|command| is_legal(*command)).map(Command::name).collect();
        legal.sort_unstable();
        legal.dedup();
        let told = if legal.is_empty() { "nothing".to_owned() } else { legal.join(", ") };
        let (command, row) = (self.command().name(), kind.name().to_lowercase());
        let message = format!("{command}: the {row} is {status}; legal for you now: {told}");
        Error::new(Code::Conflict, message).with("status", status.into()).with("legal", legal.into())
    }

    /// Tells the audit trail, brings what follows up to the rows, and commits.
    pub(super) async fn commit(mut self) -> Result<()> {
        let grounds = self.granted.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect();
        let event = Event { objects: self.work.objects(), grounds, ..self.event(Decision::Done) };
        self.work.tell(audit::DESK, event);
        self.work.commit().await
    }

    /// Tells the audit trail that it was done before, with the rows of that time's payload, and does nothing else.
    pub(super) async fn replayed(mut self, changed: &[String]) -> Result<()> {
        let rows = self.mutation.payload.iter().zip(changed);
        let objects = rows.filter_map(|(field, row)| match field.holds {
            Holds::Row(kind) if !row.is_empty() => Some(public_id(kind, row)),
            _ => None,
        });
        let event = Event { objects: objects.collect(), ..self.event(Decision::Replayed) };
        self.work.tell(audit::DESK, event);
        self.work.commit().await
    }

    fn event(&self, decision: Decision) -> Event {
        Event::by(self.principal, self.at(), self.command().name(), decision)
    }
}

/// One answer for what is absent, hidden, malformed, or of another type.
fn not_found(field: &str) -> Error {
    Error::new(Code::NotFound, format!("input.{field}: there is none that you may see"))
        .with("input", serde_json::json!(["input", field]))
}

fn bound(parameter: &Parameter, engine: Engine) -> Bound {
    let listed = |json: serde_json::Value| Bound::from(json.to_string());
    match (parameter, engine) {
        (Parameter::Text(value), _) => value.clone().into(),
        (Parameter::Int(value), _) => (*value).into(),
        (Parameter::Float(value), _) => (*value).into(),
        (Parameter::Bool(value), _) => (*value).into(),
        (Parameter::Texts(values), Engine::Postgres) => values.clone().into(),
        (Parameter::Ints(values), Engine::Postgres) => values.clone().into(),
        (Parameter::Floats(values), Engine::Postgres) => values.clone().into(),
        (Parameter::Keys(held, of), Engine::Postgres) => {
            keys(held, of.as_deref()).into_iter().map(str::to_owned).collect::<Vec<String>>().into()
        }
        (Parameter::Keys(held, of), Engine::Sqlite) => listed(keys(held, of.as_deref()).into()),
        (Parameter::Texts(values), Engine::Sqlite) => listed(values.clone().into()),
        (Parameter::Ints(values), Engine::Sqlite) => listed(values.clone().into()),
        (Parameter::Floats(values), Engine::Sqlite) => listed(values.clone().into()),
    }
}
