//! How far what is owed has been done, by the rows that are visible.

use super::Planner;
use crate::{
    error::{Code, Error, Result},
    model::{
        definition,
        kit::Readiness,
        readiness::{FIELDS, READINESS, SOON_DAYS},
    },
    read::collect::Picked,
};

impl<'a> Planner<'a> {
    /// It, as a JSON object.
    pub(super) fn readiness(&mut self, alias: &str, of: Readiness, field: &Picked<'a>) -> Result<String> {
        let (row, found) = (self.alias(), self.alias());
        let mut fields = Vec::new();
        for picked in self.below(field, &[READINESS])? {
            let value = match picked.name {
                "__typename" => self.dialect.constant(READINESS),
                name => {
                    let known = FIELDS.iter().find(|known| known.name == name).ok_or_else(|| {
                        let message = format!("type {READINESS} has no field \"{name}\"");
                        Error::new(Code::GraphqlValidationFailed, message)
                    })?;
                    format!("{found}.{}", known.column)
                }
            };
            fields.push((picked.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        let (today, soon) = (self.binds.today(), self.binds.days_ahead(SOON_DAYS));
        let due = format!("{row}.{}", of.due);
        let mut owed = vec![format!("{row}.{} = {alias}.id", of.by), format!("{row}.{} is null", of.done)];
        owed.extend(self.visible(of.of, &row));
        let counted = format!(
            "select count(*) as owed, coalesce(sum(case when {due} < {today} then 1 else 0 end), 0) as overdue, coalesce(sum(case when {due} >= {today} and {due} <= {soon} then 1 else 0 end), 0) as soon, min({due}) as first from {} {row}{}",
            definition(of.of).table,
            super::all(&owed)
        );
        let state = "case when c.owed = 0 then 'NONE' when c.overdue > 0 then 'OVERDUE' when c.soon > 0 then 'DUE_SOON' else 'CURRENT' end";
        Ok(format!("(select {object} from (select c.*, {state} as state from ({counted}) c) {found})"))
    }
}
