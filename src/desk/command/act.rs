//! A command in the doing: who does it, what they see, what they change.

use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryResult, Statement, Value as Bound};
use time::OffsetDateTime;

use super::Input;
use crate::{
    access::{Command, Ground, Kind, table},
    clock::instant,
    desk::Work,
    error::{Code, Error, Result},
    id,
    identity::Principal,
    model::mutation::{EXPECTED_VERSION, Mutation},
    read::{Asker, Dialect, Look, Parameter, Sight},
    store::Engine,
};

/// A command in the doing. Dropped without [`Act::commit`], it leaves nothing behind.
pub struct Act<'a> {
    work: Work,
    principal: &'a Principal,
    asker: &'a Asker,
    dialect: Dialect,
    mutation: &'static Mutation,
    now: OffsetDateTime,
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
        dialect: Dialect,
        mutation: &'static Mutation,
    ) -> Self {
        let now = work.clock().now();
        Self { work, principal, asker, dialect, mutation, now }
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
    pub const fn rows(&self) -> &DatabaseTransaction {
        self.work.rows()
    }

    /// Says that a row was inserted, changed or deleted: see [`Work::touch`].
    pub fn touch(&mut self, kind: Kind, row: &str) {
        self.work.touch(kind, row);
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
        let row = entity::standing::Entity::find().one(self.rows()).await?;
        Ok(row.ok_or_else(|| Error::internal("the row of standing is gone"))?.version)
    }

    /// A row as the principal sees it; `None` when it is absent or hidden.
    pub async fn sight(&self, kind: Kind, row: &str) -> Result<Option<Sight>> {
        let look = Look::at(self.dialect, self.asker, kind, row)?;
        let statement = match self.dialect.engine() {
            Engine::Postgres => sea_orm::DbBackend::Postgres,
            Engine::Sqlite => sea_orm::DbBackend::Sqlite,
        };
        let values = look.parameters.iter().map(|parameter| bound(parameter, self.dialect.engine()));
        let statement = Statement::from_sql_and_values(statement, look.sql.clone(), values);
        let answer: Option<QueryResult> = self.rows().query_one_raw(statement).await?;
        let seen: Option<String> = answer.map(|row| row.try_get("", "seen")).transpose()?.flatten();
        look.found(seen.as_deref())
    }

    /// The row that the input names, on which the command is done: NOT_FOUND when it is absent or hidden, FORBIDDEN
    /// when no ground that holds grants it, CONFLICT when it is not at the version that was expected.
    pub async fn on(&self, input: &Input, field: &str) -> Result<Seen> {
        let kind = self.command().on();
        let row = input.row(field, kind);
        let Some(sight) = self.sight(kind, &row).await? else { return Err(not_found(field)) };
        if !self.may(&sight, kind).any(|command| command == self.command()) {
            return Err(Error::new(Code::Forbidden, format!("{}: not yours to do on this row", self.command().name())));
        }
        let expected = input.whole(EXPECTED_VERSION);
        if expected.is_some() && expected != sight.version {
            let message = format!("input.{EXPECTED_VERSION}: it has changed since: read it again");
            return Err(Error::new(Code::Conflict, message).with("version", sight.version.into()));
        }
        Ok(Seen { row, sight })
    }

    /// What the principal may do with a row of a type that it sees so.
    pub fn may<'s>(&'s self, sight: &'s Sight, kind: Kind) -> impl Iterator<Item = Command> + 's {
        let role = self.principal.role();
        sight.grounds.iter().flat_map(move |ground: &Ground| table::commands(role, kind, *ground))
    }

    /// Brings what follows up to the rows and commits.
    pub(super) async fn commit(self) -> Result<()> {
        self.work.commit().await
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
        (Parameter::Texts(values), Engine::Sqlite) => listed(values.clone().into()),
        (Parameter::Ints(values), Engine::Sqlite) => listed(values.clone().into()),
        (Parameter::Floats(values), Engine::Sqlite) => listed(values.clone().into()),
    }
}
