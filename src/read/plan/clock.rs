//! The response clock: what is kept follows from the log alone, and `now` makes states of it.

use super::{Planner, Tiers};
use crate::{
    access::{Kind, Tier},
    error::{Code, Error, Result},
    model::clock::{CLOCK, DUE, ENDED, FROM, MET, MOMENTS, TARGET, TARGETS},
    read::{collect::Picked, value::Arg},
};

impl<'a> Planner<'a> {
    /// How the clock of a row stands now.
    pub(super) fn clock_state(&mut self, alias: &str, (next, rest): (&str, &str)) -> String {
        let now = self.binds.now();
        format!(
            "case when {alias}.{next} is null then {alias}.{rest} when {alias}.{next} < {now} then 'BREACHED' else 'RUNNING' end"
        )
    }

    /// The condition that a clock stands in one of the states that a filter names. What is breached, and what runs, is
    /// a range of the index by which lists are ordered by what is due next, so it is written as that order is; it is
    /// true or false, never unknown. Enums are part of a plan's shape, so the plan may depend on them.
    pub(super) fn clock_filter(
        &mut self,
        (kind, alias, tier): (Kind, &str, Tier),
        (next, rest): (&str, &str),
        (name, arg): (&str, &Arg),
    ) -> Result<String> {
        let opened = self.opened(kind, tier, Tiers::Of(alias));
        let mut conditions: Vec<String> = Vec::new();
        for (operator, operand) in arg.fields() {
            self.count_condition()?;
            if operand.is_null() {
                return Err(Error::input(format!("filter.{name}.{operator}: expected a value, not null; ask isNull")));
            }
            let unknown = format!("({alias}.{next} is null and {alias}.{rest} is null)");
            conditions.push(match operator.as_str() {
                "eq" | "in" => {
                    let mut states: Vec<Arg> = operand.items();
                    if operator == "eq" {
                        states = vec![operand];
                    }
                    let mut any = Vec::with_capacity(states.len());
                    for state in &states {
                        let state = state.as_enum().ok_or_else(|| {
                            Error::input(format!("filter.{name}.{operator}: expected values of ClockState"))
                        })?;
                        any.push(self.stands(alias, (next, rest), state));
                    }
                    if any.is_empty() { "(1 = 0)".to_owned() } else { format!("({})", any.join(" or ")) }
                }
                "isNull" if operand.as_bool() == Some(true) => unknown,
                "isNull" => format!("not {unknown}"),
                _ => return Err(Error::input(format!("filter.{name}: unknown comparison \"{operator}\""))),
            });
        }
        conditions.extend(opened);
        Ok(if conditions.is_empty() { "1 = 1".to_owned() } else { format!("({})", conditions.join(" and ")) })
    }

    fn stands(&mut self, alias: &str, (next, rest): (&str, &str), state: &str) -> String {
        let due = format!("(case when ({alias}.{next}) is null then 1 else 0 end)");
        let at = format!("(coalesce({alias}.{next}, ''))");
        match state {
            "BREACHED" => format!("({due} = 0 and {at} < {})", self.binds.now()),
            "RUNNING" => format!("({due} = 0 and {at} >= {})", self.binds.now()),
            // A name of our own list: it needs no escape.
            other => format!("({due} = 1 and coalesce({alias}.{rest}, '') = '{other}')"),
        }
    }

    /// The clock as a JSON object; null while none is kept.
    pub(super) fn clock(&mut self, alias: &str, column: &str, field: &Picked<'a>) -> Result<String> {
        let kept = format!("{alias}.{column}");
        let mut fields = Vec::new();
        for field in self.below(field, &[CLOCK])? {
            if field.name == "__typename" {
                fields.push((field.key.to_owned(), self.dialect.constant(CLOCK)));
                continue;
            }
            let place = TARGETS.iter().position(|target| target.name == field.name);
            let place = place.ok_or_else(|| unknown(CLOCK, field.name))?;
            let target = self.target(&kept, place, &field)?;
            fields.push((field.key.to_owned(), target));
        }
        let object = self.dialect.object(&fields);
        Ok(format!("case when {kept} is not null then {object} end"))
    }

    fn target(&mut self, kept: &str, target: usize, field: &Picked<'a>) -> Result<String> {
        let mut fields = Vec::new();
        for field in self.below(field, &[TARGET])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(TARGET),
                "state" => self.target_state(kept, target),
                name => {
                    let moment = MOMENTS.iter().find(|moment| moment.name == name);
                    let moment = moment.ok_or_else(|| unknown(TARGET, name))?;
                    self.dialect.inner_text(kept, target, moment.place)
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        Ok(self.dialect.object(&fields))
    }

    fn target_state(&mut self, kept: &str, target: usize) -> String {
        let [from, due, met, ended] = [FROM, DUE, MET, ENDED].map(|at| self.dialect.inner_text(kept, target, at));
        let now = self.binds.now();
        format!(
            "case when {met} is not null then case when {due} < {met} then 'MET_LATE' else 'MET' end \
             when {ended} is not null then case when {due} < {ended} then 'BREACHED' else 'ENDED' end \
             when {from} is null then 'NOT_YET' when {due} is null then 'STOPPED' \
             when {due} < {now} then 'BREACHED' else 'RUNNING' end"
        )
    }
}

fn unknown(ty: &str, name: &str) -> Error {
    Error::new(Code::GraphqlValidationFailed, format!("type {ty} has no field \"{name}\""))
}
