//! The row on which a command is done, how many may hang on another, and days as rows hold them.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use time::{Date, format_description::well_known::Iso8601};

use super::command::{Act, Seen};
use crate::error::{Code, Error, Result};

/// The row on which the command is done, remembered as it was.
pub(super) async fn found<E>(act: &mut Act<'_>, seen: &Seen) -> Result<E::Model>
where
    E: EntityTrait,
    <E::PrimaryKey as sea_orm::PrimaryKeyTrait>::ValueType: From<String>,
{
    act.remember(act.command().on(), &seen.row).await?;
    let row = E::find_by_id(seen.row.clone()).one(act.rows()).await?;
    row.ok_or_else(|| Error::internal("a row that was seen is gone"))
}

/// Whether fewer than so many of something hang on a row. Each list is bounded: what an answer or a check costs is known.
pub(super) async fn room<C>(act: &Act<'_>, (column, parent): (C, &str), most: u64) -> Result<()>
where
    C: ColumnTrait,
    C::EntityName: EntityTrait<Column = C>,
    <C::EntityName as EntityTrait>::Model: Sync,
{
    if C::EntityName::find().filter(column.eq(parent)).count(act.rows()).await? < most {
        return Ok(());
    }
    let message = format!("{}: there are {most}, which is as many as there may be", act.command().name());
    Err(Error::new(Code::Conflict, message))
}

/// A day as rows hold it.
pub(super) fn day(text: &str) -> Result<Date> {
    Date::parse(text, &Iso8601::DATE).map_err(Error::internal)
}
