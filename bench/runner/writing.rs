//! What writes: on a copy of the world, so that what is read stays what it was.

use std::collections::BTreeMap;

use chancery::{access::Role, store::Address};
use chancery_bench::{
    Result,
    client::Client,
    database::texts,
    operations::Operation,
    world::{Person, Weight},
};
use serde_json::{Value, json};

use crate::{
    LANES,
    ask::{Asked, Asker, askers},
    compare::plain,
    fill::Filled,
    measure::{self, Cell, Way},
    report,
    servers::{Server, Which},
};

/// Requests of a turn.
const TURN: usize = 96;
/// Tables whose rows are counted around one request: both servers must write as many.
const TABLES: [&str; 9] =
    ["concern", "entry", "entry_audience", "referral", "share", "visibility", "search", "audit_event", "change_event"];

/// Measures the operations that write.
pub async fn measure(filled: &Filled, wanted: &[(&'static Operation, Role)], way: Way) -> Result<Vec<Cell>> {
    let mut cells = Vec::new();
    if wanted.is_empty() {
        return Ok(cells);
    }
    let copy = filled.copy().await?;
    let mut servers = Vec::new();
    for which in [Which::Chancery, Which::Floor] {
        servers.push(Server::start(which, &filled.on(&copy, which), LANES, &filled.scratch).await?);
    }
    let address = filled.address_of(&copy)?;
    let servers: Vec<&Server> = servers.iter().collect();
    for (operation, role) in wanted {
        let askers = askers(filled, *role, Weight::Steady)?;
        let all = requests(&address, operation, &askers, way.repetitions).await?;
        alike(&address, &servers, operation, &all).await?;
        // The first are for the comparison; then each server has its own for each turn.
        let part = |server: &Server, turn: usize| {
            let place = servers.len() + (turn * servers.len() + usize::from(server.which == Which::Floor)) * TURN;
            let asked = all.iter().cycle().skip(place).take(TURN);
            asked.map(|asked| asked.bytes(server.which, operation)).collect()
        };
        let mut admin = filled.admin_of(&copy).await?;
        let turns = measure::cell(&servers, operation, &part, way, &mut admin).await?;
        let cell = Cell {
            operation: operation.name.to_owned(),
            role: role.name().to_owned(),
            weight: Weight::Steady.name().to_owned(),
            turns,
        };
        eprintln!("{}", report::line(&cell));
        cells.push(cell);
    }
    Ok(cells)
}

async fn requests(address: &Address, operation: &Operation, askers: &[Asker], turns: usize) -> Result<Vec<Asked>> {
    if operation.name == "raise" {
        return Ok((0..TURN).filter_map(|n| askers.get(n % askers.len().max(1))).map(raise).collect());
    }
    let needed = 2 + (turns + 1) * 2 * TURN;
    let mut all = Vec::new();
    for asker in askers {
        let each = referrals(address, &asker.person, needed.div_ceil(askers.len().max(1))).await?;
        all.push(each.into_iter().map(|(concern, agency)| refer(asker, &concern, &agency)).collect::<Vec<_>>());
    }
    let most = all.iter().map(Vec::len).max().unwrap_or(0);
    let all: Vec<Asked> = (0..most).flat_map(|n| all.iter().filter_map(move |of| of.get(n).cloned())).collect();
    if all.len() < needed {
        return Err(format!("there are {} referrals to be made, and {needed} are needed", all.len()).into());
    }
    Ok(all)
}

fn raise(asker: &Asker) -> Asked {
    let mission = asker.person.missions.first().cloned().unwrap_or_default();
    let (kind, category, severity) = ("PROBLEM", "SURVEILLANCE", "HIGH");
    let title = "A grey van stood at the gate for three hours";
    let narrative =
        "Two persons in it took photographs of whoever came and went; they left when a guard walked up to them.";
    let values = [mission.as_str(), kind, category, severity, title, narrative].map(str::to_owned).to_vec();
    let input = json!({ "missionId": format!("mission_{mission}"), "kind": kind, "category": category, "severity": severity, "title": title, "narrative": narrative });
    Asked { token: asker.token.clone(), variables: json!({ "input": input }), values }
}

fn refer(asker: &Asker, concern: &str, agency: &str) -> Asked {
    let body = "Please look at the van, and tell us what you know of it.";
    let input =
        json!({ "concernId": format!("concern_{concern}"), "agencyId": format!("agency_{agency}"), "body": body });
    let values = [concern, agency, body].map(str::to_owned).to_vec();
    Asked { token: asker.token.clone(), variables: json!({ "input": input }), values }
}

/// Concerns of an officer's portfolio that are referred already, each with an agency that has not got it.
async fn referrals(address: &Address, officer: &Person, most: usize) -> Result<Vec<(String, String)>> {
    let sql = format!(
        "select c.id, a.id from concern c join portfolio p on p.mission_id = c.mission_id and p.person_id = '{}' cross join agency a
         where c.status = 'REFERRED' and c.cui is null and c.tlp in ('CLEAR', 'GREEN', 'AMBER') and c.owner_id = p.person_id and a.kind = 'LAW_ENFORCEMENT' and a.issuer is not null
         and not exists (select 1 from referral r where r.concern_id = c.id and r.agency_id = a.id) and not exists (select 1 from share s where s.concern_id = c.id and s.agency_id = a.id)
         order by substr(c.id, 20) || substr(a.id, 24), a.id limit {most}",
        officer.id
    );
    let pair = |row: Vec<Option<String>>| {
        let mut row = row.into_iter().flatten();
        row.next().zip(row.next())
    };
    Ok(texts(address, &sql).await?.into_iter().filter_map(pair).collect())
}

/// Each server is asked once: the payloads have one shape, and as many rows are written.
async fn alike(address: &Address, servers: &[&Server], operation: &Operation, all: &[Asked]) -> Result<()> {
    let mut first: Option<(Value, BTreeMap<&str, i64>)> = None;
    for (server, asked) in servers.iter().zip(all) {
        let before = counts(address).await?;
        let mut client = Client::open(server.address).await?;
        let answer = client.ask(&asked.bytes(server.which, operation)).await;
        let answer = answer.map_err(|error| format!("{}: {error}", server.which.name()))?;
        let mut answer = plain(answer).map_err(|error| format!("{}: {error}", server.which.name()))?;
        blank(&mut answer);
        let after = counts(address).await?;
        let written: BTreeMap<&str, i64> =
            after.iter().map(|(table, rows)| (*table, rows - before.get(table).copied().unwrap_or(0))).collect();
        match &first {
            None => first = Some((answer, written)),
            Some(known) if known.0 != answer || known.1 != written => {
                return Err(format!("{}: not alike:\n{known:?}\n{:?}", operation.name, (answer, written)).into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// What is another in every answer.
fn blank(answer: &mut Value) {
    match answer {
        Value::Object(members) => {
            for name in ["id", "reference", "openedAt"] {
                if let Some(value) = members.get_mut(name) {
                    *value = Value::Bool(value.is_string());
                }
            }
            members.values_mut().for_each(blank);
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

async fn counts(address: &Address) -> Result<BTreeMap<&'static str, i64>> {
    let each: Vec<String> =
        TABLES.iter().map(|table| format!("cast((select count(*) from {table}) as text)")).collect();
    let rows = texts(address, &format!("select {}", each.join(", "))).await?;
    let row = rows.into_iter().next().ok_or("no counts")?;
    let count = |(table, count): (&&'static str, Option<String>)| Some((*table, count?.parse().ok()?));
    Ok(TABLES.iter().zip(row).filter_map(count).collect())
}
