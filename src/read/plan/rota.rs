//! What is found from shifts in a window: when too few are on, and which follow too closely.
//!
//! Only shifts that are visible count. A gap is as long as fewer agents are on than there must be, whoever comes and goes
//! meanwhile; each end of a shift in the window is an instant at which it may begin or end.

use super::Planner;
use crate::{
    access::Kind,
    error::{Code, Error, Result},
    model::{
        definition,
        rota::{FROM, MOST_DAYS, MOST_TOLD, Rota, TO},
    },
    read::{
        collect::Picked,
        sql::{Bind, BindType, Source},
        value::{Arg, Value},
    },
};

/// Rows by which what is found is weighed.
const WEIGHT: i64 = 100;

/// The window that is asked for, and the bound.
struct Window {
    from: String,
    to: String,
    bound: String,
}

impl<'a> Planner<'a> {
    /// What is found of the shifts that point to the row under an alias, as a JSON list.
    pub(super) fn rota(
        &mut self,
        alias: &str,
        (shifts, by): (Kind, &str),
        finds: Rota,
        field: &Picked<'a>,
    ) -> Result<String> {
        let arguments = self.arguments(field, &finds.arguments())?;
        let (bound, default, least, most) = finds.bound();
        let default = Arg::Fixed(Value::Int(default));
        let given = arguments.get(bound).filter(|given| !given.is_null()).unwrap_or(&default);
        let bound = self.binds.add(given.source(), BindType::Within(bound, least, most));
        let given = |name: &str| {
            let at = arguments.get(name).map(Arg::source);
            at.ok_or_else(|| Error::input(format!("{name}: expected an instant")))
        };
        let (from, to) = (given(FROM)?, given(TO)?);
        let to = Source::Until { to: Box::new(to), from: Box::new(from.clone()), argument: TO, days: MOST_DAYS };
        // A bare parameter has no type, and no collation, in PostgreSQL.
        let [from, to] = [from, to].map(|at| {
            let at = self.binds.add(at, BindType::Text);
            self.dialect.by_code_point(&format!("cast({at} as text)"))
        });
        let window = Window { from, to, bound };
        let around = self.enter_list();
        let found = self.alias();
        let mut fields = Vec::new();
        for picked in self.below(field, &[finds.name()])? {
            let value = match picked.name {
                "__typename" => self.dialect.constant(finds.name()),
                name => {
                    let known = finds.fields().iter().find(|known| known.name == name);
                    let known = known.ok_or_else(|| {
                        let message = format!("type {} has no field \"{name}\"", finds.name());
                        Error::new(Code::GraphqlValidationFailed, message)
                    })?;
                    format!("{found}.{}", known.column)
                }
            };
            fields.push((picked.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        let weight = Arg::Fixed(Value::Int(WEIGHT));
        self.leave_list(around, Some(Bind { source: weight.source(), ty: BindType::PageSize("first") }));
        let rows = match finds {
            Rota::Gaps => self.gaps(alias, (shifts, by), &window),
            Rota::Breaches => self.breaches(alias, (shifts, by), &window),
        };
        let list = self.dialect.list(&object, &format!("{found}.starts_at, {found}.place"), "1 = 1");
        Ok(format!(
            "(select {list} from (select r.* from ({rows}) r order by r.starts_at, r.place limit {MOST_TOLD}) {found})"
        ))
    }

    /// The visible shifts that point to the row, and a condition on them.
    fn shifts(&mut self, alias: &str, (shifts, by): (Kind, &str), condition: impl Fn(&str) -> String) -> String {
        let shift = self.alias();
        let visible = self.visible(shifts, &shift).map_or_else(String::new, |visible| format!(" and {visible}"));
        format!(
            "select {shift}.person_id, {shift}.starts_at, {shift}.ends_at from {} {shift} where {shift}.{by} = {alias}.id and {}{visible}",
            definition(shifts).table,
            condition(&shift)
        )
    }

    fn gaps(&mut self, alias: &str, of: (Kind, &str), window: &Window) -> String {
        let Window { from, to, bound } = window;
        let on = self.shifts(alias, of, |shift| format!("{shift}.ends_at > {from} and {shift}.starts_at < {to}"));
        // Each instant of the window at which somebody comes or goes, and its first. Nobody is on two shifts at a time, so
        // shifts count as agents, and one sum over the instants will do.
        let turns = format!(
            "select {from} as at, 0 as comes union all select case when s.starts_at > {from} then s.starts_at else {from} end, 1 from ({on}) s union all select s.ends_at, -1 from ({on}) s where s.ends_at < {to}"
        );
        let instants = format!("select t.at, sum(t.comes) as comes from ({turns}) t group by t.at");
        let counted = format!(
            "select b.at, coalesce(lead(b.at) over (order by b.at), {to}) as until, cast(sum(b.comes) over (order by b.at) as integer) as agents from ({instants}) b"
        );
        let short = format!(
            "select c.*, case when c.agents < {bound} then 1 else 0 end as short from ({counted}) c where c.at < c.until"
        );
        let beside = format!("select d.*, lag(d.short) over (order by d.at) as before from ({short}) d");
        // A gap goes on while it is short.
        let numbered = format!(
            "select e.*, sum(case when e.short = 1 and e.before = 1 then 0 else 1 end) over (order by e.at) as island from ({beside}) e"
        );
        format!(
            "select min(f.at) as starts_at, max(f.until) as ends_at, min(f.agents) as agents, f.island as place from ({numbered}) f where f.short = 1 group by f.island"
        )
    }

    fn breaches(&mut self, alias: &str, of: (Kind, &str), window: &Window) -> String {
        let Window { from, to, bound } = window;
        // What ended longer before the window than anybody must rest is not looked at.
        let (dialect, (_, _, _, longest)) = (self.dialect, Rota::Breaches.bound());
        let earliest = format!("{} - {longest} * 3600", dialect.seconds(from));
        let on = self.shifts(alias, of, |shift| {
            let ended = dialect.seconds(&format!("{shift}.ends_at"));
            format!("{shift}.starts_at < {to} and {ended} >= {earliest}")
        });
        let pairs = format!(
            "select s.person_id, s.starts_at, lag(s.ends_at) over (partition by s.person_id order by s.starts_at) as ended from ({on}) s"
        );
        let name = self.alias();
        let name = self.dialect.looked_up("person", "name", "p.person_id", &name);
        let rest = format!("({} - {})", self.dialect.seconds("p.starts_at"), self.dialect.seconds("p.ended"));
        format!(
            "select p.starts_at, p.ended as ends_at, {rest} / 60 as minutes, {name} as agent, p.person_id as place from ({pairs}) p where p.ended is not null and p.starts_at >= {from} and {rest} < {bound} * 3600"
        )
    }
}
