//! Statistics: rows of a type in groups, with percentiles of durations. What is counted are distinct visible rows after
//! the filter; what a principal may not read of a row is absent in its keys and durations alike.
//!
//! Four steps, each a subquery of the next: the first rows with their keys and durations, the rank of each duration
//! in its group, the groups, the groups' places.

use super::{
    Arguments, Planner, Tiers, all,
    connection::Page,
    object::Row,
    order::Order,
    rows::{Hung, Rows},
};
use crate::{
    access::{self, Kind},
    error::{Code, Error, Result},
    model::{
        clock::MET,
        definition,
        kit::{Shape, Via},
        stats::{DEFAULT_GROUPS, Grouping, MOST_COUNTED, MOST_GROUPS, MOST_KEYS, Measure, Moment, Statistics},
    },
    read::{
        collect::Picked,
        cost::Cost,
        dialect::quoted,
        sql::{Bind, BindType, Source},
        value::{Arg, Value},
    },
};

/// The percentiles told, by their fields; the longest is the hundredth.
const PERCENTILES: [(&str, u8); 4] = [("p50Seconds", 50), ("p90Seconds", 90), ("p95Seconds", 95), ("maxSeconds", 100)];

/// What the steps carry: keys `g0…`, their labels `l0…`, durations `v0…`.
struct Asked {
    keys: Vec<&'static Grouping>,
    measures: Vec<&'static Measure>,
    labelled: bool,
}

impl<'a> Planner<'a> {
    /// The statistics of a type.
    pub(super) fn statistics(&mut self, of: &Statistics, arguments: &Arguments, field: &Picked<'a>) -> Result<String> {
        let mut asked = Asked { keys: self.keys(of, arguments)?, measures: Vec::new(), labelled: false };
        let zone = arguments.get("timeZone").map_or_else(|| Source::Fixed(Value::Text("UTC".to_owned())), Arg::source);
        let zone = self.binds.add(Source::Zone { name: Box::new(zone), argument: "timeZone" }, BindType::Text);
        let first = arguments.get("first").map_or(Source::Fixed(Value::Int(DEFAULT_GROUPS)), Arg::source);
        let longest = Bind { source: first, ty: BindType::Within("first", 1, MOST_GROUPS) };
        let first = self.binds.add(longest.source.clone(), longest.ty);

        let name = format!("{}Stats", of.kind.name());
        let mut fields = Vec::new();
        for field in self.below(field, &[&name])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&name),
                "count" => "cast(coalesce(sum(z.size), 0) as bigint)".to_owned(),
                "capped" => self.dialect.boolean(&format!("coalesce(max(z.have), 0) > {MOST_COUNTED}")),
                "groupCount" => "count(*)".to_owned(),
                "groups" => {
                    self.cost.list(longest.clone(), Cost::default());
                    let group = self.group(of, &mut asked, &field)?;
                    self.dialect.json(&self.dialect.list(&group, "z.place", &format!("z.place <= {first}")))
                }
                other => return Err(unknown(&name, other)),
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        let keyed = self.keyed(of.kind, &asked, arguments.get("filter"))?;
        let offsets = self.dialect.items(&zone, "o");
        let [from, until, seconds] = [0, 1, 2].map(|place| self.dialect.item_text("o.item", place));
        Ok(format!(
            "(with zone(from_at, until_at, seconds) as materialized (select {from}, {until}, cast({seconds} as integer) from {offsets}) select {object} from ({}) z)",
            placed(&asked, &keyed),
        ))
    }

    fn keys(&self, of: &Statistics, arguments: &Arguments) -> Result<Vec<&'static Grouping>> {
        let known = of.groupings_of(self.view);
        let items = arguments.get("groupBy").map(Arg::items).unwrap_or_default();
        let mut keys: Vec<&'static Grouping> = Vec::new();
        for item in &items {
            let name = item.as_enum().unwrap_or_default();
            let found = known.iter().find(|grouping| grouping.name == name);
            let found = found.ok_or_else(|| Error::input(format!("groupBy: expected values of {}", of.enum_name())))?;
            if keys.iter().any(|have| have.name == found.name) {
                return Err(Error::input(format!("groupBy: {name} stands twice")));
            }
            keys.push(found);
        }
        if keys.is_empty() || keys.len() > MOST_KEYS {
            return Err(Error::input(format!("groupBy: expected one or two, not {}", keys.len())));
        }
        Ok(keys)
    }

    /// A group as JSON, from the columns that the steps carry.
    fn group(&self, of: &Statistics, asked: &mut Asked, field: &Picked<'a>) -> Result<String> {
        let name = format!("{}StatsGroup", of.kind.name());
        let known = of.measures_of(self.view);
        let mut fields = Vec::new();
        for field in self.below(field, &[&name])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&name),
                "count" => "z.size".to_owned(),
                "keys" => self.key_list(of, asked, &field)?,
                other => {
                    let measure = known.iter().find(|measure| measure.name == other);
                    let measure = *measure.ok_or_else(|| unknown(&name, other))?;
                    let place = asked.measures.iter().position(|have| have.name == measure.name);
                    let place = place.unwrap_or_else(|| {
                        asked.measures.push(measure);
                        asked.measures.len() - 1
                    });
                    self.percentiles(place, &field)?
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        Ok(self.dialect.object(&fields))
    }

    fn key_list(&self, of: &Statistics, asked: &mut Asked, field: &Picked<'a>) -> Result<String> {
        let name = format!("{}StatsKey", of.kind.name());
        let picked = self.below(field, &[&name])?;
        let mut keys = Vec::new();
        for (place, grouping) in asked.keys.iter().enumerate() {
            let mut fields = Vec::new();
            for field in &picked {
                let value = match field.name {
                    "__typename" => self.dialect.constant(&name),
                    "by" => self.dialect.constant(grouping.name),
                    "value" => format!("z.g{place}"),
                    "label" => {
                        asked.labelled = true;
                        if grouping.label.is_some() { format!("z.l{place}") } else { format!("z.g{place}") }
                    }
                    other => return Err(unknown(&name, other)),
                };
                fields.push((field.key.to_owned(), value));
            }
            keys.push(self.dialect.object(&fields));
        }
        Ok(self.dialect.array(&keys))
    }

    fn percentiles(&self, place: usize, field: &Picked<'a>) -> Result<String> {
        let mut fields = Vec::new();
        for field in self.below(field, &["DurationPercentiles"])? {
            let value = match (field.name, PERCENTILES.iter().find(|(name, _)| *name == field.name)) {
                ("__typename", _) => self.dialect.constant("DurationPercentiles"),
                ("count", _) => format!("z.n{place}"),
                (_, Some((_, percent))) => format!("z.v{place}_{percent}"),
                (other, None) => return Err(unknown("DurationPercentiles", other)),
            };
            fields.push((field.key.to_owned(), value));
        }
        Ok(self.dialect.object(&fields))
    }

    /// The rows that are counted, in the order of their list, with keys and durations.
    fn keyed(&mut self, kind: Kind, asked: &Asked, filter: Option<&Arg>) -> Result<String> {
        let mut row = Row::new(kind, self.alias());
        let alias = row.alias.clone();
        let mut columns = vec![format!("{alias}.cnt as have")];
        self.counting = Some(access::Tiers::NONE);
        for (place, grouping) in asked.keys.iter().enumerate() {
            let value = self.along(kind, &alias, grouping.path, row.tiers());
            let value = match grouping.span {
                // A date is one already, wherever that is.
                Some(span) if definition(kind).is_date(grouping.path) => self.dialect.local(span, &value, "0"),
                Some(span) => {
                    let offset = format!(
                        "(select zone.seconds from zone where zone.from_at <= {value} and {value} < zone.until_at)"
                    );
                    self.dialect.local(span, &value, &offset)
                }
                None => value,
            };
            columns.push(format!("{} as g{place}", self.dialect.by_code_point(&value)));
            if let Some(path) = grouping.label.filter(|_| asked.labelled) {
                let label = self.along(kind, &alias, path, row.tiers());
                columns.push(format!("{} as l{place}", self.dialect.by_code_point(&label)));
            }
        }
        for (place, measure) in asked.measures.iter().enumerate() {
            let duration = self.duration(kind, &mut row, measure);
            columns.push(format!("{duration} as v{place}"));
        }
        if let Some(counted) = self.counting.take().filter(|counted| !counted.is_empty()) {
            *self.counted.entry(format!("{}_*", definition(kind).prefix)).or_default() |= counted;
        }
        let order = Order::of(kind, None, false)?;
        let page = Page {
            size: MOST_COUNTED.to_string(),
            longest: None,
            backward: false,
            from: None,
            to: None,
            numbered: true,
        };
        let reached = |_: &str| String::new();
        let hung = Hung::on_nothing(&reached);
        let rows = Rows { kind, hung: &hung, filter, walked: self.gate.is_wide(kind) };
        let columns = columns.join(", ");
        let source = self.source(&row, (&page, &order), &rows, &columns)?;
        Ok(format!("select {columns} from {source} where {alias}.rn <= {MOST_COUNTED}"))
    }

    /// A duration in whole seconds, within 32 bits as an Int is.
    fn duration(&mut self, kind: Kind, row: &mut Row, measure: &Measure) -> String {
        let alias = row.alias.clone();
        let [from, to] = [measure.from, measure.to].map(|moment| match moment {
            Moment::Now => self.binds.now(),
            Moment::Met { clock, target } => self.met(kind, row, clock, target),
            Moment::Field(name) => self.along(kind, &alias, &[name], row.tiers()),
            Moment::First { connection, by, is, at } => self.first_of(kind, row, connection, (by, is), at),
        });
        let seconds = format!("({} - {})", self.dialect.seconds(&to), self.dialect.seconds(&from));
        let (least, most) = (i32::MIN, i32::MAX);
        let mut cases = String::new();
        if let Some((name, ends)) = measure.unless {
            let status = self.along(kind, &alias, &[name], row.tiers());
            let ends: Vec<String> = ends.iter().map(|end| quoted(end)).collect();
            cases = format!("when coalesce({status}, {}) in ({}) then null ", quoted(""), ends.join(","));
        }
        format!(
            "(case {cases}when {seconds} > {most} then {most} when {seconds} < {least} then {least} else {seconds} end)"
        )
    }

    /// When a target of the row's response clock was met.
    fn met(&mut self, kind: Kind, row: &mut Row, clock: &str, target: usize) -> String {
        let ty = definition(kind);
        let Some(field) = ty.field(clock) else { return "null".to_owned() };
        let (Shape::Clock { column }, Some(tier)) = (field.shape, ty.tier(field)) else { return "null".to_owned() };
        let met = self.dialect.inner_text(&format!("{}.{column}", row.alias), target, MET);
        self.gated(kind, tier, &met, row.tiers())
    }

    /// The first instant among the visible rows of a connection that are of a kind.
    fn first_of(&mut self, kind: Kind, row: &mut Row, connection: &str, (by, is): (&str, &str), at: &str) -> String {
        let ty = definition(kind);
        let null = || "null".to_owned();
        let Some(field) = ty.field(connection) else { return null() };
        let (Shape::Connection { to, via: Via::Column(column) }, Some(tier)) = (field.shape, ty.tier(field)) else {
            return null();
        };
        let far = self.alias();
        let value = self.along(to, &far, &[at], Tiers::Of(&far));
        let is_of = format!("{} = {}", self.along(to, &far, &[by], Tiers::Of(&far)), quoted(is));
        let mut conditions = vec![format!("{far}.{column} = {}.id", row.alias), is_of];
        conditions.extend(self.visible(to, &far));
        let first = format!("(select min({value}) from {} {far}{})", definition(to).table, all(&conditions));
        self.gated(kind, tier, &first, row.tiers())
    }
}

/// Rows with the ranks of their durations, then groups, then the groups' places.
fn placed(asked: &Asked, keyed: &str) -> String {
    let keys: Vec<String> = (0..asked.keys.len()).map(|place| format!("g{place}")).collect();
    let keys = keys.join(", ");
    let (mut ranks, mut groups) = (String::new(), String::new());
    for place in 0..asked.measures.len() {
        ranks += &format!(
            ", row_number() over (partition by {keys} order by v{place} nulls last) as r{place}, count(v{place}) over (partition by {keys}) as n{place}"
        );
        groups += &format!(", max(n{place}) as n{place}");
        for (_, percent) in PERCENTILES {
            // The nearest rank: the smallest value that at least so many hundredths do not exceed.
            groups += &format!(
                ", max(case when r{place} = ({percent} * n{place} + 99) / 100 then v{place} end) as v{place}_{percent}"
            );
        }
    }
    for (place, _) in asked.keys.iter().enumerate().filter(|(_, key)| asked.labelled && key.label.is_some()) {
        groups += &format!(", max(l{place}) as l{place}");
    }
    let ranked = format!("select q.*{ranks} from ({keyed}) q");
    let grouped =
        format!("select {keys}, count(*) as size, max(have) as have{groups} from ({ranked}) r group by {keys}");
    let last: Vec<String> = (0..asked.keys.len()).map(|place| format!("g{place} nulls last")).collect();
    format!("select w.*, row_number() over (order by size desc, {}) as place from ({grouped}) w", last.join(", "))
}

fn unknown(ty: &str, name: &str) -> Error {
    Error::new(Code::GraphqlValidationFailed, format!("type {ty} has no field \"{name}\""))
}
