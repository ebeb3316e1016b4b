//! What has to do with a mission, a visit or a post, over time.
//!
//! Of each type the rows that are visible and tied to it, by what may be read of them: each row's own tiers decide, and where
//! what the timeline is of is hidden there is nothing.

use super::{Arguments, Planner, Tiers, all, search::Found};
use crate::{
    access::{
        Kind,
        area::{self, DISTRICT_OF_COLUMBIA, NEW_YORK_CITY},
        emit::Addressee,
    },
    error::{Error, Result},
    model::{
        definition,
        kit::Shape,
        timeline::{ITEM, Strand, TYPE, Tie, Timeline},
    },
    read::{collect::Picked, dialect::quoted, sql::BindType},
};

impl<'a> Planner<'a> {
    /// The page of it.
    pub(super) fn timeline(&mut self, arguments: &Arguments, field: &Picked<'a>) -> Result<String> {
        let given: Vec<&'static Timeline> =
            self.view.timelines().filter(|timeline| arguments.get(timeline.argument).is_some()).collect();
        let [timeline] = given.as_slice() else {
            let names: Vec<&str> = self.view.timelines().map(|timeline| timeline.argument).collect();
            return Err(Error::input(format!("timeline({}): expected exactly one of them", names.join(", "))));
        };
        let possible = self.view.told_over_time();
        let asked = Self::asked_kinds(arguments, &possible, TYPE)?;
        let strands: Vec<&Strand> =
            timeline.strands.iter().filter(|strand| self.view.tells(strand) && asked.contains(&strand.kind)).collect();
        let id = arguments.get(timeline.argument).map(|id| self.binds.add(id.source(), BindType::Id(timeline.of)));
        let id = id.unwrap_or_else(|| "null".to_owned());
        let (here, name) = (self.alias(), self.alias());
        let mut of = vec![format!("{here}.id = {id}")];
        of.extend(self.visible(timeline.of, &here));
        let rows: Vec<String> = strands.iter().map(|strand| self.strand(timeline.of, strand, &here, &of)).collect();
        let rows = if rows.is_empty() {
            "select '' as id, '' as at, 0 as kind where 1 = 0".to_owned()
        } else {
            rows.join(" union all ")
        };
        let found = Found {
            hits: None,
            with: format!("with {name} as materialized ({rows})"),
            name,
            kinds: strands.iter().map(|strand| strand.kind).collect(),
            union: ITEM,
            possible,
        };
        self.found_connection(&found, "Timeline(at:Desc)", arguments, field)
    }

    /// The rows of one type, with their dates.
    fn strand(&mut self, of: Kind, strand: &Strand, here: &str, anchored: &[String]) -> String {
        let there = self.alias();
        let ty = definition(strand.kind);
        let mut conditions = anchored.to_vec();
        conditions.push(self.tied(of, strand, here, &there));
        conditions.extend(self.visible(strand.kind, &there));
        format!(
            "select {there}.id as id, {there}.{} as at, {} as kind from {} {here}, {} {there}{}",
            strand.dated().unwrap_or("id"),
            strand.kind.code(),
            definition(of).table,
            ty.table,
            all(&conditions)
        )
    }

    /// The condition that a row is tied to what the timeline is of.
    fn tied(&mut self, of: Kind, strand: &Strand, here: &str, there: &str) -> String {
        let kind = strand.kind;
        let ty = definition(kind);
        let tier = |name: &str| ty.field(name).and_then(|field| ty.tier(field));
        let closed = || "1 = 0".to_owned();
        match strand.tie {
            Tie::Edge(name) => {
                let Some(Shape::Edge { column, .. }) = ty.field(name).map(|field| field.shape) else { return closed() };
                let Some(tier) = tier(name) else { return closed() };
                // What shows the row shows an edge of that depth.
                let leads = format!("{there}.{column} = {here}.id");
                let opened = if tier == kind.shown_by() { None } else { self.opened(kind, tier, Tiers::Of(there)) };
                opened.map_or_else(|| leads.clone(), |opened| format!("{leads} and {opened}"))
            }
            Tie::Meets { there: path, here: name } => {
                let meets = self.along(of, here, &[name], Tiers::Of(here));
                let leads = self.along(kind, there, path, Tiers::Of(there));
                format!("{leads} = {meets}")
            }
            Tie::Sent { audience, sent, own } => {
                let Some(tier) = tier(audience) else { return closed() };
                let meant = self.meant(&format!("{there}.audience"), here);
                let meant = match self.opened(kind, tier, Tiers::Of(there)) {
                    None => meant,
                    Some(opened) => format!("({opened} and {meant})"),
                };
                let own = self.gate.is_on(of, own, here, &mut self.binds);
                let sent = self.gate.is_on(kind, sent, there, &mut self.binds);
                match own.zip(sent) {
                    None => meant,
                    Some((own, sent)) => format!("({meant} or ({own} and {sent}))"),
                }
            }
        }
    }

    /// Whether an audience, as a row holds it, names a mission, or what it is, or an area that wholly contains its seat.
    fn meant(&mut self, audience: &str, mission: &str) -> String {
        let (city, counties) = NEW_YORK_CITY;
        let seat = format!("{mission}.area");
        let among = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            Some(format!("{seat} in ({})", names.join(", ")))
        };
        // As a row holds them: texts of a JSON list.
        let named_by = |addressee: &Addressee| quoted(&format!("\"{}\"", addressee.stored()));
        let area = |name: &str| named_by(&Addressee::Area(name.to_owned()));
        let mut named = vec![
            (named_by(&Addressee::Missions), None),
            (format!("'\"MISSION_TYPE:' || {mission}.type || '\"'"), None),
            (format!("'\"SENDING_STATE:' || {mission}.sending_state_id || '\"'"), None),
            (format!("'\"AREA:' || {seat} || '\"'"), None),
            (format!("'\"AREA:' || {} || '\"'", state_of(&seat)), None),
            (area(city), among(&counties)),
            (area(area::NATIONAL), Some(format!("{seat} is not null"))),
        ];
        named.extend(DISTRICT_OF_COLUMBIA.map(|name| (area(name), among(&DISTRICT_OF_COLUMBIA))));
        let any: Vec<String> = named
            .into_iter()
            .map(|(text, only)| {
                let holds = self.dialect.contains(audience, &text);
                only.map_or_else(|| holds.clone(), |only| format!("({only} and {holds})"))
            })
            .collect();
        format!("({})", any.join(" or "))
    }
}

/// The state in which a seat lies, if it lies in a county, or in the city of five.
fn state_of(seat: &str) -> String {
    let of = |(fips, state): (&str, String)| format!(" when {} then {}", quoted(fips), quoted(&state));
    let counties: String = area::states().map(of).collect();
    let city = area::state_of_county(NEW_YORK_CITY.1[0]).unwrap_or_default();
    format!(
        "(case when {seat} = {} then {} else case substr({seat}, 1, 2){counties} end end)",
        quoted(NEW_YORK_CITY.0),
        quoted(&city)
    )
}
