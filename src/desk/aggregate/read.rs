//! A concern and what hangs on it, read in the statement that looks at it as the principal sees it.

use std::collections::BTreeMap;

use entity::concern;
use sea_orm::{DbBackend, FromQueryResult, IdenStatic as _, Iterable as _, QueryResult};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Aggregate, Marked, Offered, Shown, Written};
use crate::{
    access::Kind,
    desk::visibility::{self, Line, Place, Seat},
    error::{Error, Result},
};

/// The columns, of a concern under the alias `c`: its own, and JSON of what hangs on it.
pub(in crate::desk) fn columns(backend: DbBackend) -> String {
    let log = "e.id, e.at, e.kind, e.tlp, e.audience, e.to_status, \
        case when e.body is null then 0 else 1 end, \
        case when exists (select 1 from person p join agency a on a.id = p.agency_id \
            where p.id = e.author_id and a.kind = 'DIPLOMATIC_SECURITY') then 1 else 0 end, \
        case when exists (select 1 from entry_audience x \
            where x.entry_id = e.id and x.agency_id = c.origin_agency_id) then 1 else 0 end, \
        case when exists (select 1 from evidence v where v.entry_id = e.id) then 1 else 0 end";
    let lists = [
        ("seats", "m.id, m.sending_state_id, m.area", "mission m where m.id in (c.mission_id, c.origin_mission_id)"),
        (
            "shares",
            "h.id, h.agency_id, h.person_id, h.tier_cap, h.tlp_cap, h.expires_at, h.revoked_at",
            "share h where h.concern_id = c.id",
        ),
        ("referrals", "r.id, r.agency_id, r.status", "referral r where r.concern_id = c.id"),
        ("log", log, "entry e where e.concern_id = c.id"),
        ("evidence", "v.id, v.tlp", "evidence v where v.concern_id = c.id"),
        (
            "lines",
            "l.key, l.ground, l.cap, l.from_at, l.until_at, l.tlp_max, l.at, l.under, l.owed",
            &format!("visibility l where l.row_id = c.id and l.kind = {}", Kind::Concern.code()),
        ),
    ];
    let lists = lists.map(|(name, items, of)| format!("{} as its_{name}", json(backend, items, of)));
    // By name: a statement stays prepared, and columns may be added.
    let own = concern::Column::iter().map(|column| format!("c.{}", column.as_str()));
    own.chain(lists).collect::<Vec<_>>().join(", ")
}

/// Rows as a JSON text, an array each.
pub(super) fn json(backend: DbBackend, items: &str, of: &str) -> String {
    match backend {
        DbBackend::Postgres => {
            format!("(select coalesce(json_agg(json_build_array({items})), '[]') from {of})::text")
        }
        _ => format!("(select json_group_array(json_array({items})) from {of})"),
    }
}

/// An entry as it is read.
#[derive(Deserialize)]
struct Entry(String, String, String, String, String, Option<String>, u8, u8, u8, u8);

impl Aggregate {
    /// What the columns say; none where there is no such concern.
    pub(in crate::desk) fn read(row: &QueryResult) -> Result<Option<Self>> {
        if row.try_get::<Option<String>>("", "id")?.is_none() {
            return Ok(None);
        }
        let was = concern::Model::from_query_result(row, "")?;
        let seats: Vec<(String, Option<String>, Option<String>)> = list(row, "its_seats")?;
        let seats = seats.into_iter().map(|(id, sending_state, area)| (id, Seat { sending_state, area }));
        let mut read = Self::of(was, seats.collect::<BTreeMap<_, _>>());
        read.shares = list::<ShareRow>(row, "its_shares")?.into_iter().map(Shown::from).collect();
        let referrals: Vec<(String, String, String)> = list(row, "its_referrals")?;
        read.referrals = referrals.into_iter().map(|(id, agency, status)| Offered { id, agency, status }).collect();
        for Entry(id, at, kind, tlp, audience, to_status, has_body, by_dss, for_origin, is_evidence) in
            list::<Entry>(row, "its_log")?
        {
            read.marked.push(Marked { kind: Kind::Entry, id: id.clone(), tlp });
            read.log.push(Written {
                id,
                at,
                kind,
                audience,
                to_status,
                has_body: has_body != 0,
                by_dss: by_dss != 0,
                for_origin: for_origin != 0,
                is_evidence: is_evidence != 0,
            });
        }
        let evidence: Vec<(String, String)> = list(row, "its_evidence")?;
        read.marked.extend(evidence.into_iter().map(|(id, tlp)| Marked { kind: Kind::Evidence, id, tlp }));
        let lines: Vec<LineRow> = list(row, "its_lines")?;
        let id = &read.row().id;
        let lines = lines.into_iter().map(|(key, ground, cap, from, until, tlp_max, at, under, owed)| Line {
            row: id.clone(),
            kind: Kind::Concern.code(),
            key,
            ground,
            cap,
            from,
            until,
            tlp_max,
            place: Place { at, under, owed },
        });
        read.lines = lines.collect();
        Ok(Some(read))
    }
}

type LineRow = (String, i16, i16, String, String, i16, Option<String>, Option<String>, Option<String>);

type ShareRow = (String, Option<String>, Option<String>, String, String, Option<String>, Option<String>);

impl From<ShareRow> for Shown {
    fn from((id, agency, person, tier_cap, tlp_cap, expires_at, revoked_at): ShareRow) -> Self {
        let shared = visibility::shared((agency, person), &tier_cap, &tlp_cap, expires_at, revoked_at.is_some());
        Self { id, shared }
    }
}

pub(super) fn list<T: DeserializeOwned>(row: &QueryResult, name: &str) -> Result<Vec<T>> {
    let text: String = row.try_get("", name)?;
    serde_json::from_str(&text).map_err(Error::internal)
}
