//! The ways by which a concern leads to its mission: where other shares and referrals hold than before, the mission, its
//! premises and its contacts are open by others, too.
//!
//! All that is looked at are the lines of the keys that changed. A way that was added, or lasts longer, needs no look at
//! the mission's other concerns: of several ways with one key the longest-lived is kept. One that ends may leave another
//! concern's.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::read::{json, list};
use crate::{
    access::{
        Ground, Kind,
        emit::{self, Emission, MissionFacts, PremisesFacts, Via},
    },
    desk::{
        Work,
        visibility::{self, Line, Place},
    },
    error::{Error, Result},
};

/// A way: its key, and whether it is a referral's.
type Way = (String, bool);

/// By way: its end.
type Ends = BTreeMap<Way, String>;

/// Brings up the lines of a concern's mission, and of what hangs on it, from what the concern's own lines were to what
/// they are.
pub(super) async fn follow(
    work: &mut Work,
    (concern, mission): (&str, &str),
    before: &[Emission],
    after: &[Emission],
) -> Result<()> {
    let (before, after) = (ends(emit::via(before)), ends(emit::via(after)));
    let changed: BTreeSet<&Way> =
        before.keys().chain(after.keys()).filter(|way| before.get(*way) != after.get(*way)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let keys: Vec<String> = changed.iter().map(|(key, _)| key.clone()).collect();
    let (rows, stored) = seats(work, mission, &keys).await?;
    let of_mission = stored.iter().filter(|line| line.kind == Kind::Mission.code());
    let mut right = ends(of_mission.filter_map(|line| emit::way_of(&line.emission()?)).collect());
    if changed.iter().any(|way| after.get(*way) < before.get(*way)) {
        let others = others(work, (concern, mission), &keys).await?;
        for way in changed.iter().filter(|way| after.get(**way) < before.get(**way)) {
            match others.get(*way) {
                Some(end) => right.insert((*way).clone(), end.clone()),
                None => right.remove(*way),
            };
        }
    }
    for (way, end) in after.iter().filter(|(way, _)| changed.contains(way)) {
        if right.get(way).is_none_or(|other| other < end) {
            right.insert(way.clone(), end.clone());
        }
    }
    let via =
        right.into_iter().map(|((key, referred), until)| Via { key, referred, from: emit::ALWAYS.to_owned(), until });
    let facts = MissionFacts { mission: mission.to_owned(), via: via.collect(), ..MissionFacts::default() };
    let mut lines = BTreeSet::new();
    for (kind, id, of) in rows {
        let emissions = match kind {
            Kind::Mission => emit::mission(&facts),
            Kind::Premises => emit::premises(&facts, &PremisesFacts::of_row(&of)),
            _ => emit::security_contact(&facts),
        };
        let ways = emissions.into_iter().filter(|emission| emission.ground == Ground::ViaConcern);
        lines.extend(visibility::undated(kind, &id, ways.collect()));
    }
    visibility::remove(work.batch(), &stored.difference(&lines).collect::<Vec<_>>());
    visibility::add(work.batch(), lines.difference(&stored));
    Ok(())
}

fn ends(ways: Vec<Via>) -> Ends {
    ways.into_iter().map(|way| ((way.key, way.referred), way.until)).collect()
}

/// The mission and what hangs on it, each with its type and the kind of premises; and their lines by these keys.
async fn seats(work: &Work, mission: &str, keys: &[String]) -> Result<(Vec<(Kind, String, String)>, BTreeSet<Line>)> {
    let kinds = [Kind::Mission, Kind::Premises, Kind::SecurityContact];
    let [of_mission, of_premises, of_contact] = kinds.map(Kind::code);
    let backend = work.rows().get_database_backend();
    let [id, among, _] = places(backend);
    // A cross join is how SQLite is told to begin with these rows.
    let sql = format!(
        "with r as (select id, {of_mission} as code, '' as residence from mission where id = {id} \
         union all select id, {of_premises}, kind from premises where mission_id = {id} \
         union all select id, {of_contact}, '' from security_contact where mission_id = {id}) select {} as seats, {} as lines",
        json(backend, "r.id, r.code, r.residence", "r"),
        json(
            backend,
            "l.row_id, l.kind, l.key, l.cap, l.from_at, l.until_at, l.tlp_max",
            &format!(
                "r cross join visibility l where l.row_id = r.id and l.kind = r.code and l.ground = {} and {} {among}",
                Ground::ViaConcern.code(),
                unindexed(backend, "l.key")
            )
        ),
    );
    let statement = Statement::from_sql_and_values(backend, sql, [mission.into(), listed(backend, keys)]);
    let read = work.rows().query_one_raw(statement).await?;
    let read = read.ok_or_else(|| Error::internal("a mission was looked at without an answer"))?;
    let rows: Vec<(String, i16, String)> = list(&read, "seats")?;
    let kind = |code: i16| kinds.into_iter().find(|kind| kind.code() == code);
    let rows = rows.into_iter().filter_map(|(id, code, of)| Some((kind(code)?, id, of))).collect();
    let lines: Vec<(String, i16, String, i16, String, String, i16)> = list(&read, "lines")?;
    let lines = lines.into_iter().map(|(row, kind, key, cap, from, until, tlp_max)| Line {
        row,
        kind,
        key,
        ground: Ground::ViaConcern.code(),
        cap,
        from,
        until,
        tlp_max,
        place: kinds.into_iter().find(|of| of.code() == kind).map(Place::undated).unwrap_or_default(),
    });
    Ok((rows, lines.collect()))
}

/// The ways of these keys by the other concerns about the mission.
async fn others(work: &Work, (concern, mission): (&str, &str), keys: &[String]) -> Result<Ends> {
    let backend = work.rows().get_database_backend();
    let [id, among, other] = places(backend);
    let leading: Vec<Ground> = Ground::ALL.into_iter().filter(|ground| emit::leads(*ground).is_some()).collect();
    let codes: Vec<String> = leading.iter().map(|ground| ground.code().to_string()).collect();
    let sql = format!(
        "select v.key as way, v.ground as ground, max(v.until_at) as ends from concern c \
         join visibility v on v.row_id = c.id and v.kind = {} \
         where c.mission_id = {id} and c.id <> {other} and {} {among} and v.ground in ({}) group by v.key, v.ground",
        Kind::Concern.code(),
        unindexed(backend, "v.key"),
        codes.join(", "),
    );
    let values = [mission.into(), listed(backend, keys), concern.into()];
    let rows = work.rows().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut ends = Ends::new();
    for row in rows {
        let code: i16 = row.try_get("", "ground")?;
        let ground = leading.iter().find(|ground| ground.code() == code);
        if let Some(referred) = ground.and_then(|ground| emit::leads(*ground)) {
            ends.insert((row.try_get("", "way")?, referred), row.try_get("", "ends")?);
        }
    }
    Ok(ends)
}

/// A value, being among the values of a list, and another value, as a statement's three parameters.
fn places(backend: DbBackend) -> [&'static str; 3] {
    match backend {
        DbBackend::Postgres => ["$1", "= any($2)", "$3"],
        _ => ["?1", "in (select value from json_each(?2))", "?3"],
    }
}

/// A column by which SQLite is not to look for rows: of one agency's key there are lines of all that it was ever shown.
fn unindexed(backend: DbBackend, column: &str) -> String {
    if backend == DbBackend::Postgres { column.to_owned() } else { format!("+{column}") }
}

fn listed(backend: DbBackend, keys: &[String]) -> Value {
    if backend == DbBackend::Postgres { keys.to_vec().into() } else { serde_json::json!(keys).to_string().into() }
}
