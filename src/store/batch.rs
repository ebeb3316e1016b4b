//! Writes that are sent together.
//!
//! A command knows all that it writes before it writes anything. On PostgreSQL it goes in one statement, as
//! data-modifying parts of a `with`, in one round trip; SQLite, which is no way off, does one after the other. The parts
//! see the rows as they were before all of them: none may rely on another, nor change what another changes.

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, DbErr, EntityName as _, EntityTrait, IdenStatic as _,
    Iterable, PrimaryKeyToColumn, Statement, Value,
};

use super::Transaction;

/// What is to be written.
#[derive(Debug)]
pub struct Batch {
    backend: DbBackend,
    /// In the order in which SQLite does them, each with its own parameters there.
    parts: Vec<(String, Vec<Value>)>,
    /// The parameters of PostgreSQL's one statement.
    values: Vec<Value>,
    then: Option<&'static str>,
}

/// The parameters of a part.
pub struct Binds<'a> {
    sign: char,
    values: &'a mut Vec<Value>,
}

impl Binds<'_> {
    /// Whether a parameter may be an array: on PostgreSQL.
    pub const fn takes_arrays(&self) -> bool {
        self.sign == '$'
    }

    /// The placeholder of a value.
    pub fn add(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("{}{}", self.sign, self.values.len())
    }
}

impl Batch {
    /// Empty.
    pub const fn new(backend: DbBackend) -> Self {
        Self { backend, parts: Vec::new(), values: Vec::new(), then: None }
    }

    /// Which engine it is for.
    pub const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// A part, written with its parameters.
    pub fn part(&mut self, write: impl FnOnce(&mut Binds<'_>) -> String) {
        let part = self.written(write);
        self.parts.push(part);
    }

    fn written(&mut self, write: impl FnOnce(&mut Binds<'_>) -> String) -> (String, Vec<Value>) {
        if self.backend == DbBackend::Postgres {
            return (write(&mut Binds { sign: '$', values: &mut self.values }), Vec::new());
        }
        let mut values = Vec::new();
        let sql = write(&mut Binds { sign: '?', values: &mut values });
        (sql, values)
    }

    /// What PostgreSQL says when all is written: an expression.
    pub const fn then(&mut self, expression: &'static str) {
        self.then = Some(expression);
    }

    /// A row that is new.
    pub fn insert<A: ActiveModelTrait>(&mut self, row: &A) {
        let part = self.written(|binds| inserted(row, binds));
        self.parts.push(part);
    }

    /// A row that is new, on which others that are written hang already.
    pub fn insert_first<A: ActiveModelTrait>(&mut self, row: &A) {
        let part = self.written(|binds| inserted(row, binds));
        self.parts.insert(0, part);
    }

    /// A row that is new, or written over the one of the same key.
    pub fn upsert<A: ActiveModelTrait>(&mut self, row: &A, key: &[&str]) {
        let part = self.written(|binds| {
            let columns = <A::Entity as EntityTrait>::Column::iter().map(|column| column.as_str());
            let others = columns.filter(|name| !key.contains(name));
            let sets: Vec<String> = others.map(|name| format!("\"{name}\" = excluded.\"{name}\"")).collect();
            format!("{} on conflict ({}) do update set {}", inserted(row, binds), key.join(", "), sets.join(", "))
        });
        self.parts.push(part);
    }

    /// Changes of a row that is there, by its key: the columns that are set.
    pub fn update<A: ActiveModelTrait>(&mut self, row: &A) {
        let table = A::Entity::default();
        let keys: Vec<&'static str> = <A::Entity as EntityTrait>::PrimaryKey::iter()
            .map(PrimaryKeyToColumn::into_column)
            .map(|column| column.as_str())
            .collect();
        let mut key = Vec::new();
        for column in <A::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column) {
            key.extend(row.get(column).into_value().map(|value| (column.as_str(), value)));
        }
        self.part(|binds| {
            let others = set(row).filter(|(name, _)| !keys.contains(name));
            let sets: Vec<String> = others.map(|(name, value)| format!("\"{name}\" = {}", binds.add(value))).collect();
            let is_it: Vec<String> =
                key.into_iter().map(|(name, value)| format!("\"{name}\" = {}", binds.add(value))).collect();
            format!("update {} set {} where {}", table.table_name(), sets.join(", "), is_it.join(" and "))
        });
    }

    /// Writes it all.
    pub async fn write(self, transaction: &Transaction) -> Result<(), DbErr> {
        if self.parts.is_empty() {
            return Ok(());
        }
        if self.backend != DbBackend::Postgres {
            for (sql, values) in self.parts {
                transaction.execute_raw(Statement::from_sql_and_values(self.backend, sql, values)).await?;
            }
            return Ok(());
        }
        let parts: Vec<String> =
            self.parts.iter().enumerate().map(|(place, (sql, _))| format!("w{place} as ({sql})")).collect();
        let sql = format!("with {} select {}", parts.join(", "), self.then.unwrap_or("1"));
        transaction.execute_raw(Statement::from_sql_and_values(self.backend, sql, self.values)).await?;
        Ok(())
    }
}

fn inserted<A: ActiveModelTrait>(row: &A, binds: &mut Binds<'_>) -> String {
    let (mut names, mut places) = (Vec::new(), Vec::new());
    for column in <A::Entity as EntityTrait>::Column::iter() {
        if let Some(value) = row.get(column).into_value() {
            names.push(format!("\"{}\"", column.as_str()));
            places.push(binds.add(value));
        }
    }
    let table = A::Entity::default();
    format!("insert into {} ({}) values ({})", table.table_name(), names.join(", "), places.join(", "))
}

/// The columns of a row that are set anew, with their values.
fn set<A: ActiveModelTrait>(row: &A) -> impl Iterator<Item = (&'static str, Value)> {
    <A::Entity as EntityTrait>::Column::iter().filter_map(|column| match row.get(column) {
        ActiveValue::Set(value) => Some((column.as_str(), value)),
        _ => None,
    })
}
