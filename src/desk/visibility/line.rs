//! Lines of the visibility table: stored, compared, replaced.

use std::collections::BTreeSet;

use entity::{
    concern,
    visibility::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait as _, Query},
};

use crate::{
    access::{Ground, Kind, Tiers, Tlp, emit::Emission, table},
    store::{Batch, Rows, Transaction},
};

/// Lines that one statement writes or takes away.
const WRITTEN_AT_ONCE: usize = 5_000;

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
    /// The earliest instant at which something is owed on it, on lines by which somebody is responsible for it.
    pub owed: Option<String>,
}

impl Place {
    /// Of a row of a type that is not listed by an instant: children are looked for by their row only.
    pub(in crate::desk) fn undated(kind: Kind) -> Self {
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
            place: Place {
                owed: place.owed.clone().filter(|_| table::is_responsible(emission.ground)),
                ..place.clone()
            },
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

    /// Whether it is the same line, whatever it says of the row's place.
    pub(in crate::desk) fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.ground, self.cap, self.tlp_max) == (other.kind, other.ground, other.cap, other.tlp_max)
            && (&self.row, &self.key, &self.from, &self.until) == (&other.row, &other.key, &other.from, &other.until)
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
            place: Place { at: row.at, under: row.under, owed: row.owed },
        }
    }
}

/// The stored lines of rows of one type, at most [`super::CHUNK`] rows.
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
    transaction: &Transaction,
    kind: Kind,
    ids: &[String],
    lines: &BTreeSet<Line>,
) -> Result<BTreeSet<Line>, DbErr> {
    let stored = stored(transaction, kind, ids).await?;
    let surplus: Vec<&Line> = stored.difference(lines).collect();
    for lines in surplus.chunks(WRITTEN_AT_ONCE) {
        let mut batch = Batch::new(transaction.get_database_backend());
        remove(&mut batch, lines);
        batch.write(transaction).await?;
    }
    insert(transaction, lines.difference(&stored)).await?;
    Ok(stored)
}

/// Writes lines that are not there, with others.
pub(in crate::desk) fn add<'a>(batch: &mut Batch, lines: impl Iterator<Item = &'a Line>) {
    let lines: Vec<&Line> = lines.collect();
    if !lines.is_empty() {
        let rows = listed(&lines);
        batch.part(|binds| format!("insert into visibility ({}) {}", rows.names(), rows.query(binds)));
    }
}

/// Takes lines away that are there, with others.
pub(in crate::desk) fn remove(batch: &mut Batch, lines: &[&Line]) {
    if !lines.is_empty() {
        let key = KEY.join(", ");
        let rows = listed(lines);
        batch.part(|binds| {
            format!("delete from visibility where ({key}) in (select {key} from ({}) as u)", rows.query(binds))
        });
    }
}

/// Says anew of lines that are there where their row stands in lists, with others.
pub(in crate::desk) fn replace_place(batch: &mut Batch, lines: &[&Line]) {
    if !lines.is_empty() {
        let same: Vec<String> = KEY.iter().map(|name| format!("v.{name} = u.{name}")).collect();
        let rows = listed(lines);
        batch.part(|binds| {
            format!(
                "update visibility as v set \"at\" = u.\"at\", \"under\" = u.\"under\", \"owed\" = u.\"owed\" from ({}) as u where {}",
                rows.query(binds),
                same.join(" and ")
            )
        });
    }
}

/// The columns by which a line is known.
const KEY: [&str; 7] = ["row_id", "key", "ground", "cap", "from_at", "until_at", "tlp_max"];

fn listed(lines: &[&Line]) -> Rows {
    Rows::default()
        .texts("row_id", lines.iter().map(|line| &line.row))
        .texts("key", lines.iter().map(|line| &line.key))
        .codes("ground", lines.iter().map(|line| line.ground))
        .codes("cap", lines.iter().map(|line| line.cap))
        .texts("from_at", lines.iter().map(|line| &line.from))
        .texts("until_at", lines.iter().map(|line| &line.until))
        .codes("tlp_max", lines.iter().map(|line| line.tlp_max))
        .codes("kind", lines.iter().map(|line| line.kind))
        .maybe("at", lines.iter().map(|line| line.place.at.as_ref()))
        .maybe("under", lines.iter().map(|line| line.place.under.as_ref()))
        .maybe("owed", lines.iter().map(|line| line.place.owed.as_ref()))
}

/// Says on the lines of concerns when something is owed on them, after that has changed.
pub(in crate::desk) async fn set_owed(db: &impl ConnectionTrait, concerns: &[String]) -> Result<(), DbErr> {
    let by_duty = Ground::ALL.into_iter().filter(|ground| table::is_responsible(*ground)).map(Ground::code);
    let due = Query::select()
        .column((concern::Entity, concern::Column::NextDueAt))
        .from(concern::Entity)
        .and_where(Expr::col((concern::Entity, concern::Column::Id)).equals((Entity, Column::RowId)))
        .to_owned();
    Entity::update_many()
        .col_expr(Column::Owed, Expr::from(due))
        .filter(Column::RowId.is_in(concerns))
        .filter(Column::Kind.eq(Kind::Concern.code()))
        .filter(Column::Ground.is_in(by_duty))
        .exec(db)
        .await?;
    Ok(())
}

/// Writes lines that are not there.
pub(super) async fn insert(transaction: &Transaction, lines: impl Iterator<Item = &Line>) -> Result<(), DbErr> {
    let lines: Vec<&Line> = lines.collect();
    for lines in lines.chunks(WRITTEN_AT_ONCE) {
        let mut batch = Batch::new(transaction.get_database_backend());
        add(&mut batch, lines.iter().copied());
        batch.write(transaction).await?;
    }
    Ok(())
}
