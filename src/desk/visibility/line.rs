//! Lines of the visibility table: stored, compared, replaced.

use std::collections::BTreeSet;

use entity::visibility::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr,
};

use crate::access::{Ground, Kind, Tiers, Tlp, emit::Emission, table};

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
    /// Where the row stands in lists.
    pub place: Place,
}

/// Where a row stands in the lists of its type (`model::kit::Listed`): each of its lines says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The instant by which it is listed; empty where it has none, nothing for a child.
    pub at: Option<String>,
    /// The row on which a list of the type hangs, if there is such a list.
    pub under: Option<String>,
    /// Whether something is owed on it, on lines by which somebody is responsible for it.
    pub is_owed: bool,
}

impl Place {
    /// Of a row of a type that is not listed by an instant: children are looked for by their row only.
    pub(super) fn undated(kind: Kind) -> Self {
        Self { at: kind.parent().is_none().then(String::new), ..Self::default() }
    }
}

impl Line {
    /// What an emission is stored as.
    pub(super) fn of(kind: Kind, row: &str, place: &Place, emission: Emission) -> Self {
        Self {
            row: row.to_owned(),
            kind: kind.code(),
            key: emission.key,
            ground: emission.ground.code(),
            cap: i16::from(emission.cap.bits()),
            from: emission.from,
            until: emission.until,
            tlp_max: emission.tlp_max.rank(),
            place: Place { is_owed: place.is_owed && table::is_responsible(emission.ground), ..place.clone() },
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
            at: Set(self.place.at),
            under: Set(self.place.under),
            owed: Set(self.place.is_owed.then_some(1)),
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
            place: Place { at: row.at, under: row.under, is_owed: row.owed.is_some() },
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

/// Says on the lines of concerns whether something is owed on them.
pub(in crate::desk) async fn set_owed(
    db: &impl ConnectionTrait,
    concerns: &[String],
    is_owed: bool,
) -> Result<(), DbErr> {
    let by_duty = Ground::ALL.into_iter().filter(|ground| table::is_responsible(*ground)).map(Ground::code);
    Entity::update_many()
        .col_expr(Column::Owed, Expr::value(is_owed.then_some(1_i16)))
        .filter(Column::RowId.is_in(concerns))
        .filter(Column::Kind.eq(Kind::Concern.code()))
        .filter(Column::Ground.is_in(by_duty))
        .exec(db)
        .await?;
    Ok(())
}

/// Writes lines that are not there.
pub(super) async fn insert(db: &impl ConnectionTrait, lines: impl IntoIterator<Item = Line>) -> Result<(), DbErr> {
    let mut lines = lines.into_iter().map(Line::into_row).peekable();
    while lines.peek().is_some() {
        Entity::insert_many(lines.by_ref().take(CHUNK)).exec_without_returning(db).await?;
    }
    Ok(())
}
