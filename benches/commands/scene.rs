//! Who does what: a mission officer who raises concerns, a liaison officer who works on them.

use chancery::{access::Role, model::public_id};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::{Result, client::post, world::World};

/// A command that is done many times.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// The field of `Mutation`.
    pub name: &'static str,
    /// Who does it.
    pub role: Role,
    /// What is asked of its payload.
    payload: &'static str,
    /// Whether it is told, or only leads to the next.
    pub measured: bool,
}

const fn of_officer(name: &'static str, measured: bool) -> Command {
    let payload = "concern { id reference status severity title }";
    Command { name, role: Role::LiaisonOfficer, payload, measured }
}

/// The commands in the order of a concern's life.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "raiseConcern",
        role: Role::MissionOfficer,
        payload: "concern { id reference status severity title }",
        measured: true,
    },
    of_officer("acknowledgeConcern", true),
    of_officer("setSeverity", true),
    of_officer("replyToConcern", true),
    of_officer("assignConcern", false),
    of_officer("startConcern", false),
    of_officer("referConcern", true),
    of_officer("shareConcern", true),
];

/// The people, and what they speak of.
pub struct Scene {
    /// Token of the mission officer.
    pub mission_officer: String,
    liaison_officer: String,
    mission: String,
    referred: String,
    shared: String,
}

impl Scene {
    /// Gives the officer the mission into the portfolio.
    pub async fn set(world: &World) -> Result<Self> {
        let of_officer = "select m.mission_id from agency_mission m join agency a on a.id = m.agency_id join person p on p.agency_id = a.id where p.roles like '%MISSION_OFFICER%' and p.subject = 'camille.aubert' order by m.mission_id limit 1";
        let mission = one(world, of_officer).await?;
        let police = |name: &str| format!("select id from agency where short_name = '{name}' and issuer is not null");
        world
            .store
            .orm
            .execute_unprepared(&format!(
                "insert into portfolio (person_id, mission_id) select id, '{mission}' from person where subject = 'liaison.one' on conflict do nothing"
            ))
            .await?;
        world.store.orm.execute_unprepared("update standing set version = version + 1").await?;
        Ok(Self {
            mission_officer: world.token(Role::MissionOfficer).await?,
            liaison_officer: world.token(Role::LiaisonOfficer).await?,
            mission,
            referred: one(world, &police("NYPD")).await?,
            shared: one(world, &police("FBI")).await?,
        })
    }

    /// What is said of the concern of a number; the mission by its row.
    pub fn raised(&self, number: usize) -> Value {
        json!({
            "missionId": self.mission,
            "kind": "PROBLEM",
            "category": "PHOTOGRAPHY",
            "severity": "HIGH",
            "title": format!("A car has stood at the gate since the morning, number {number}"),
            "narrative": "Two persons in a dark car without plates have photographed the gate and whoever came through it. \
                They left when the guard came near, and were back within the hour on the other side of the street.",
        })
    }

    /// The request that raises it.
    pub fn raise(&self, number: usize) -> Vec<u8> {
        let mut input = self.raised(number);
        if let Some(input) = input.as_object_mut() {
            input.insert("missionId".to_owned(), public_id(chancery::access::Kind::Mission, &self.mission).into());
        }
        let raise = COMMANDS.first().copied().unwrap_or_else(|| of_officer("raiseConcern", true));
        request(raise, &self.mission_officer, &input)
    }

    /// The request that does a command on a concern.
    pub fn on(&self, command: &Command, concern: &str) -> Vec<u8> {
        let agency = |row: &str| public_id(chancery::access::Kind::Agency, row);
        let mut input = match command.name {
            "setSeverity" => json!({ "severity": "CRITICAL", "reason": "They came back" }),
            "replyToConcern" => json!({ "body": "An officer has been told and will call" }),
            "referConcern" => {
                json!({ "agencyId": agency(&self.referred), "body": "Please look", "consent": "By telephone" })
            }
            "shareConcern" => {
                json!({ "agencyId": agency(&self.shared), "tiers": "DC", "reason": "To know", "consent": "By telephone" })
            }
            _ => json!({}),
        };
        if let Some(input) = input.as_object_mut() {
            input.insert("concernId".to_owned(), concern.into());
        }
        request(*command, &self.liaison_officer, &input)
    }
}

fn request(command: Command, token: &str, input: &Value) -> Vec<u8> {
    let Command { name, payload, .. } = command;
    let mut of_input = name.to_owned();
    of_input.get_mut(..1).map(str::make_ascii_uppercase);
    let query = format!("mutation($input: {of_input}Input!) {{ {name}(input: $input) {{ {payload} }} }}");
    post("/graphql", token, &json!({ "query": query, "variables": { "input": input } }).to_string())
}

/// The id of the concern in the answer of a command; an error is one.
pub fn answered(answer: &str) -> Result<String> {
    let told: Value = serde_json::from_str(answer)?;
    let payload = told.pointer("/data").and_then(Value::as_object).and_then(|data| data.values().next());
    let id = payload.and_then(|payload| payload.pointer("/concern/id")).and_then(Value::as_str);
    Ok(id.filter(|_| told.get("errors").is_none()).ok_or_else(|| answer.to_owned())?.to_owned())
}

async fn one(world: &World, sql: &str) -> Result<String> {
    let orm = &world.store.orm;
    let row = orm.query_one_raw(Statement::from_string(orm.get_database_backend(), sql)).await?;
    Ok(row.ok_or_else(|| format!("nothing found: {sql}"))?.try_get_by_index(0)?)
}
