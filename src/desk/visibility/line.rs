//! Lines of the visibility table: stored, compared, replaced.

use std::collections::BTreeSet;

use entity::visibility::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};

use crate::{
    access::{Ground, Kind, Tiers, Tlp, emit::Emission, table},
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

    /// Whether it is the same line, whatever it says of the row's place.
    pub(in crate::desk) fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.ground, self.cap, self.tlp_max) == (other.kind, other.ground, other.cap, other.tlp_max)
            && (&self.row, &self.key, &self.from, &self.until) == (&other.row, &other.key, &other.from, &other.until)
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

/// Writes lines that are not there, with others.
pub(in crate::desk) fn add<'a>(batch: &mut Batch, lines: impl Iterator<Item = &'a Line>) {
    let lines: Vec<&Line> = lines.collect();
    if !lines.is_empty() {
        let backend = batch.backend();
        let names: Vec<String> = KEY.iter().chain(&OTHERS).map(|name| format!("\"{name}\"")).collect();
        batch.part(|binds| format!("insert into visibility ({}) {}", names.join(", "), listed(backend, &lines, binds)));
    }
}

/// Takes lines away that are there, with others.
pub(in crate::desk) fn remove(batch: &mut Batch, lines: &[&Line]) {
    if !lines.is_empty() {
        let backend = batch.backend();
        let key = KEY.join(", ");
        batch.part(|binds| {
            let lines = listed(backend, lines, binds);
            format!("delete from visibility where ({key}) in (select {key} from ({lines}) as u)")
        });
    }
}

/// Says anew of lines that are there where their row stands in lists, with others.
pub(in crate::desk) fn replace_place(batch: &mut Batch, lines: &[&Line]) {
    if !lines.is_empty() {
        let backend = batch.backend();
        let same: Vec<String> = KEY.iter().map(|name| format!("v.{name} = u.{name}")).collect();
        batch.part(|binds| {
            format!(
                "update visibility as v set \"at\" = u.\"at\", \"under\" = u.\"under\", \"owed\" = u.\"owed\" from ({}) as u where {}",
                listed(backend, lines, binds),
                same.join(" and ")
            )
        });
    }
}

/// The columns by which a line is known.
const KEY: [&str; 7] = ["row_id", "key", "ground", "cap", "from_at", "until_at", "tlp_max"];
/// The others.
const OTHERS: [&str; 4] = ["kind", "at", "under", "owed"];

/// Lines as rows of a statement whose text is the same however many there are: from arrays on PostgreSQL, from JSON on
/// SQLite.
fn listed(backend: DbBackend, lines: &[&Line], binds: &mut Binds<'_>) -> String {
    let names = KEY.iter().chain(&OTHERS);
    if backend != DbBackend::Postgres {
        let rows = lines.iter().map(|line| {
            let Line { row, kind, key, ground, cap, from, until, tlp_max, place } = line;
            let owed = place.is_owed.then_some(1);
            serde_json::json!([row, key, ground, cap, from, until, tlp_max, kind, place.at, place.under, owed])
        });
        let rows = rows.collect::<serde_json::Value>().to_string();
        let columns: Vec<String> =
            names.enumerate().map(|(place, name)| format!("value ->> {place} as \"{name}\"")).collect();
        return format!("select {} from json_each({})", columns.join(", "), binds.add(rows));
    }
    let text = |of: fn(&Line) -> &String| lines.iter().map(|line| of(line).clone()).collect::<Vec<String>>();
    let code = |of: fn(&Line) -> i16| lines.iter().map(|line| of(line)).collect::<Vec<i16>>();
    // An array of no nulls: a text that no instant and no id is stands for one.
    let maybe = |of: fn(&Line) -> &Option<String>| -> Vec<String> {
        lines.iter().map(|line| of(line).clone().unwrap_or_else(|| NOTHING.to_owned())).collect()
    };
    let arrays = [
        format!("{}::text[]", binds.add(text(|line| &line.row))),
        format!("{}::text[]", binds.add(text(|line| &line.key))),
        format!("{}::smallint[]", binds.add(code(|line| line.ground))),
        format!("{}::smallint[]", binds.add(code(|line| line.cap))),
        format!("{}::text[]", binds.add(text(|line| &line.from))),
        format!("{}::text[]", binds.add(text(|line| &line.until))),
        format!("{}::smallint[]", binds.add(code(|line| line.tlp_max))),
        format!("{}::smallint[]", binds.add(code(|line| line.kind))),
        format!("{}::text[]", binds.add(maybe(|line| &line.place.at))),
        format!("{}::text[]", binds.add(maybe(|line| &line.place.under))),
        format!("{}::smallint[]", binds.add(code(|line| i16::from(line.place.is_owed)))),
    ];
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    let columns = names.iter().map(|name| match name.as_str() {
        "\"at\"" | "\"under\"" => format!("nullif({name}, '{NOTHING}') as {name}"),
        "\"owed\"" => format!("nullif({name}, 0::smallint) as {name}"),
        name => name.to_owned(),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    format!("select {columns} from unnest({}) as given({})", arrays.join(", "), names.join(", "))
}

/// What stands for null in an array.
const NOTHING: &str = "-";

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
