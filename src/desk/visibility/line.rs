//! Lines of the visibility table: stored, compared, replaced.

use std::collections::BTreeSet;

use entity::visibility::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter};

use crate::{
    access::{Ground, Kind, Tiers, Tlp, emit::Emission},
    store::{Batch, Binds},
};

use super::CHUNK;

/// Lines that one statement deletes, each named by seven columns. SQLite bounds an expression's depth by 1,000.
const DELETED_AT_ONCE: usize = 100;

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The row.
    pub row: String,
    /// Code of the row's type.
    pub kind: i16,
    /// The key that opens it, with its circle.
    pub key: String,
    /// Code of the ground.
    pub ground: i16,
    /// Tiers as bits.
    pub cap: i16,
    /// First instant.
    pub from: String,
    /// First instant after.
    pub until: String,
    /// Rank of the highest marking it survives.
    pub tlp_max: i16,
}

impl Line {
    /// What an emission is stored as.
    pub(in crate::desk) fn of(kind: Kind, row: &str, emission: Emission) -> Self {
        Self {
            row: row.to_owned(),
            kind: kind.code(),
            key: emission.key,
            ground: emission.ground.code(),
            cap: i16::from(emission.cap.bits()),
            from: emission.from,
            until: emission.until,
            tlp_max: emission.tlp_max.rank(),
        }
    }

    /// The emission that it stores; none where its ground is no more.
    pub(in crate::desk) fn emission(&self) -> Option<Emission> {
        let by_code = |ground: &Ground| ground.code() == self.ground;
        Some(Emission {
            key: self.key.clone(),
            ground: Ground::ALL.into_iter().find(by_code)?,
            cap: Tiers::from_bits(u8::try_from(self.cap).ok()?),
            from: self.from.clone(),
            until: self.until.clone(),
            tlp_max: Tlp::ALL.into_iter().find(|tlp| tlp.rank() == self.tlp_max)?,
        })
    }

    fn into_row(self) -> ActiveModel {
        ActiveModel {
            row_id: Set(self.row),
            key: Set(self.key),
            ground: Set(self.ground),
            cap: Set(self.cap),
            from_at: Set(self.from),
            until_at: Set(self.until),
            tlp_max: Set(self.tlp_max),
            kind: Set(self.kind),
        }
    }

    fn is_this(&self) -> Condition {
        Condition::all()
            .add(Column::RowId.eq(&self.row))
            .add(Column::Key.eq(&self.key))
            .add(Column::Ground.eq(self.ground))
            .add(Column::Cap.eq(self.cap))
            .add(Column::FromAt.eq(&self.from))
            .add(Column::UntilAt.eq(&self.until))
            .add(Column::TlpMax.eq(self.tlp_max))
    }
}

impl From<Model> for Line {
    fn from(row: Model) -> Self {
        Self {
            row: row.row_id,
            kind: row.kind,
            key: row.key,
            ground: row.ground,
            cap: row.cap,
            from: row.from_at,
            until: row.until_at,
            tlp_max: row.tlp_max,
        }
    }
}

/// The stored lines of rows of one type, at most [`CHUNK`] rows.
pub(in crate::desk) async fn stored(
    db: &impl ConnectionTrait,
    kind: Kind,
    ids: &[String],
) -> Result<BTreeSet<Line>, DbErr> {
    let rows = Entity::find().filter(Column::RowId.is_in(ids)).filter(Column::Kind.eq(kind.code())).all(db).await?;
    Ok(rows.into_iter().map(Line::from).collect())
}

/// Brings the stored lines of the rows to `lines`, which are all of theirs. Returns what was stored.
pub(super) async fn replace(
    db: &impl ConnectionTrait,
    kind: Kind,
    ids: &[String],
    lines: &BTreeSet<Line>,
) -> Result<BTreeSet<Line>, DbErr> {
    let stored = stored(db, kind, ids).await?;
    let surplus: Vec<&Line> = stored.difference(lines).collect();
    for lines in surplus.chunks(DELETED_AT_ONCE) {
        let any = lines.iter().fold(Condition::any(), |any, line| any.add(line.is_this()));
        Entity::delete_many().filter(any).exec(db).await?;
    }
    insert(db, lines.difference(&stored).cloned()).await?;
    Ok(stored)
}

/// Writes lines that are not there, with others.
pub(in crate::desk) fn add<'a>(batch: &mut Batch, lines: impl Iterator<Item = &'a Line>) {
    let lines: Vec<&Line> = lines.collect();
    if !lines.is_empty() {
        let backend = batch.backend();
        batch.part(|binds| format!("insert into visibility ({COLUMNS}) {}", listed(backend, &lines, binds)));
    }
}

/// Takes lines away that are there, with others.
pub(in crate::desk) fn remove(batch: &mut Batch, lines: &[&Line]) {
    if !lines.is_empty() {
        let backend = batch.backend();
        batch.part(|binds| {
            format!("delete from visibility where ({COLUMNS}) in ({})", listed(backend, lines, binds))
        });
    }
}

const COLUMNS: &str = "row_id, key, ground, cap, from_at, until_at, tlp_max, kind";

/// Lines as rows of a statement whose text is the same however many there are: from arrays on PostgreSQL, from JSON on
/// SQLite.
fn listed(backend: DbBackend, lines: &[&Line], binds: &mut Binds<'_>) -> String {
    if backend != DbBackend::Postgres {
        let rows = lines.iter().map(|line| {
            let Line { row, kind, key, ground, cap, from, until, tlp_max } = line;
            serde_json::json!([row, key, ground, cap, from, until, tlp_max, kind])
        });
        let rows = serde_json::Value::from_iter(rows).to_string();
        let columns: Vec<String> = (0..8).map(|place| format!("value ->> {place}")).collect();
        return format!("select {} from json_each({})", columns.join(", "), binds.add(rows));
    }
    let text = |of: fn(&Line) -> &String| lines.iter().map(|line| of(line).clone()).collect::<Vec<String>>();
    let code = |of: fn(&Line) -> i16| lines.iter().map(|line| of(line)).collect::<Vec<i16>>();
    let columns = [
        format!("{}::text[]", binds.add(text(|line| &line.row))),
        format!("{}::text[]", binds.add(text(|line| &line.key))),
        format!("{}::smallint[]", binds.add(code(|line| line.ground))),
        format!("{}::smallint[]", binds.add(code(|line| line.cap))),
        format!("{}::text[]", binds.add(text(|line| &line.from))),
        format!("{}::text[]", binds.add(text(|line| &line.until))),
        format!("{}::smallint[]", binds.add(code(|line| line.tlp_max))),
        format!("{}::smallint[]", binds.add(code(|line| line.kind))),
    ];
    format!("select * from unnest({})", columns.join(", "))
}

/// Writes lines that are not there.
pub(super) async fn insert(db: &impl ConnectionTrait, lines: impl IntoIterator<Item = Line>) -> Result<(), DbErr> {
    let mut lines = lines.into_iter().map(Line::into_row).peekable();
    while lines.peek().is_some() {
        Entity::insert_many(lines.by_ref().take(CHUNK)).exec_without_returning(db).await?;
    }
    Ok(())
}
