//! Random commands by random people on random concerns, one after the other; after each, what must always hold.
//!
//! Where a step leads is written down once more here, from the design's prose; who may take it is judged as in
//! `grants`, by loops over a dump of the rows.

use chancery::{
    access::{Command, Kind},
    desk,
    model::{definition, view::View},
    store::Engine,
};
use proptest::{
    collection::vec,
    prelude::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    act, desk as world,
    grants::{Verdict, expected},
    grounds,
    life::{raised, seen},
    rows::{Asker, Rows, text},
    support::{
        app::App,
        small_world::{public, row, run},
    },
    watch::Watchers,
};

/// Commands of a case, at most.
const LONGEST: usize = 30;

/// Command, person, row, variant, minutes that pass first.
type Step = (usize, usize, usize, u8, u16);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let command = 0..Command::ALL.len();
    vec((command, 0..100_usize, 0..100_usize, 0..8_u8, 0..600_u16), 1..LONGEST)
}

/// Where a step leads from a status: the design's diagram. `None` where it is not legal.
fn leads<'s>(command: Command, from: &'s str, outcome: &'s str, by_mission: bool, owned: bool) -> Option<&'s str> {
    let open = ["SUBMITTED", "ACKNOWLEDGED", "ASSIGNED", "IN_PROGRESS", "AWAITING_MISSION", "REFERRED", "RESPONDED"];
    match (command, from) {
        (Command::AcknowledgeConcern, "SUBMITTED") => Some("ACKNOWLEDGED"),
        (Command::AssignConcern, "ACKNOWLEDGED") => Some("ASSIGNED"),
        (Command::AssignConcern, from) if open[2..].contains(&from) => Some(from),
        (Command::StartConcern, "ASSIGNED" | "AWAITING_MISSION" | "REFERRED" | "RESPONDED") => Some("IN_PROGRESS"),
        (Command::RequestFromMission, "IN_PROGRESS") => Some("AWAITING_MISSION"),
        (Command::ReferConcern, "IN_PROGRESS" | "REFERRED") => Some("REFERRED"),
        (Command::RespondToConcern, "IN_PROGRESS" | "AWAITING_MISSION" | "REFERRED") => Some("RESPONDED"),
        (Command::ResolveConcern, "RESPONDED") => Some("RESOLVED"),
        (Command::CloseConcern, "RESOLVED") if outcome == "CLOSED" => Some("CLOSED"),
        (Command::CloseConcern, from) if outcome != "CLOSED" && open.contains(&from) => Some(outcome),
        (Command::WithdrawConcern, from) if open.contains(&from) => Some("WITHDRAWN"),
        (Command::ReopenConcern, "CLOSED" | "DUPLICATE" | "NOT_ACTIONABLE") => {
            Some(if owned { "ASSIGNED" } else { "SUBMITTED" })
        }
        (Command::ReplyToConcern, "AWAITING_MISSION") if by_mission => Some("IN_PROGRESS"),
        (Command::ReplyToConcern | Command::AddEvidence, from) if from == "RESOLVED" || open.contains(&from) => {
            Some(from)
        }
        (Command::SetSeverity, from) if open.contains(&from) => Some(from),
        (
            Command::AddInternalEntry | Command::MarkConcern | Command::ShareConcern | Command::LinkConcernToVisit,
            from,
        ) => Some(from),
        _ => None,
    }
}

/// Steps that nothing but their status can stop.
fn is_plain(command: Command) -> bool {
    use Command::{
        AcknowledgeConcern, AddEvidence, AddInternalEntry, ReplyToConcern, RequestFromMission, ResolveConcern,
        RespondToConcern, StartConcern, WithdrawConcern,
    };
    matches!(
        command,
        AcknowledgeConcern
            | AddEvidence
            | AddInternalEntry
            | ReplyToConcern
            | RequestFromMission
            | ResolveConcern
            | RespondToConcern
            | StartConcern
            | WithdrawConcern
    )
}

const ENDS: [&str; 3] = ["CLOSED", "NOT_ACTIONABLE", "DUPLICATE"];

fn input(command: Command, id: &str, variant: u8, other: &str) -> Value {
    let pick = |values: &[&str]| json!(values[usize::from(variant) % values.len()]);
    let mut input = match command {
        Command::AcceptReferral | Command::DeclineReferral | Command::CompleteReferral | Command::SetCaseNumber => {
            json!({ "referralId": id })
        }
        Command::RevokeShare => json!({ "shareId": id }),
        _ => json!({ "concernId": id }),
    };
    let more = match command {
        Command::ReplyToConcern
        | Command::RequestFromMission
        | Command::RespondToConcern
        | Command::AddInternalEntry
        | Command::CompleteReferral => json!({ "body": "What is said" }),
        Command::WithdrawConcern | Command::ReopenConcern | Command::DeclineReferral | Command::RevokeShare => {
            json!({ "reason": "Why" })
        }
        Command::MarkConcern => json!({ "reason": "Why", "consent": "Given",
            "tlp": pick(&["GREEN", "AMBER", "AMBER_STRICT", "RED"]) }),
        Command::SetSeverity => json!({ "reason": "Why", "severity": pick(&["LOW", "MEDIUM", "HIGH", "CRITICAL"]) }),
        Command::CloseConcern => match ENDS[usize::from(variant) % 3] {
            "DUPLICATE" => json!({ "outcome": "DUPLICATE", "duplicateOfId": other }),
            end => json!({ "outcome": end, "reason": "Why" }),
        },
        Command::AssignConcern => json!({ "officer": pick(&["subject-4", "subject-5"]) }),
        Command::ShareConcern => json!({ "agencyId": public("agency", 'A', 2), "reason": "Why", "consent": "Given",
            "tiers": pick(&["D", "DC", "DCP", "DCPS"]), "expiresAt": "2026-12-24T00:00:00Z" }),
        Command::ReferConcern => json!({ "agencyId": public("agency", 'A', 2), "body": "Please" }),
        Command::AddEvidence => json!({ "name": "A photograph", "sha256": "aB".repeat(32), "pointer": "safe 3" }),
        Command::SetCaseNumber => json!({ "caseNumber": "26-1" }),
        Command::LinkConcernToVisit => json!({ "visitId": public("visit", 'W', 1 + usize::from(variant) % 3) }),
        _ => json!({}),
    };
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    input
}

/// All rows but the present.
fn dump(rows: &Rows) -> String {
    format!("{rows:?}").replace(&rows.now, "now")
}

/// What somebody may do to the concerns that were raised here, or to what hangs on them, where it is legal.
fn likely(rows: &Rows, askers: &[Asker], raised: &[String]) -> Vec<(Command, usize, String)> {
    let mut found = Vec::new();
    for command in Command::ALL {
        for row in rows.all(definition(command.on()).table) {
            let id = text(row, "id").expect("an id");
            let concern = match command.on() {
                Kind::Concern => id,
                Kind::Referral | Kind::Share => text(row, "concern_id").expect("a concern"),
                _ => continue,
            };
            if !raised.iter().any(|raised| raised.ends_with(concern)) {
                continue;
            }
            let status = text(rows.one("concern", concern).expect("a concern"), "status").expect("a status");
            let mut ends = ENDS.into_iter();
            if command.on() == Kind::Concern && !ends.any(|end| leads(command, status, end, true, true).is_some()) {
                continue;
            }
            for (person, asker) in askers.iter().enumerate() {
                if expected(rows, asker, command, row) == Verdict::Granted {
                    found.push((command, person, id.to_owned()));
                }
            }
        }
    }
    found
}

/// One command; what was counted: done, refused.
async fn take(app: &App, step: &Step, raised: &[String]) -> Result<(u32, u32), TestCaseError> {
    let (command, person, target, variant, _) = *step;
    let before = Rows::read(&app.db).await;
    let askers = before.askers();
    // Mostly what may be done; sometimes whatever.
    let likely = if variant < 6 { likely(&before, &askers, raised) } else { vec![] };
    let any = || {
        let command = Command::ALL[command];
        let ids: Vec<&str> =
            before.all(definition(command.on()).table).iter().filter_map(|row| text(row, "id")).collect();
        ids.get(target % ids.len().max(1)).map(|id| (command, person % askers.len(), (*id).to_owned()))
    };
    let chosen = if likely.is_empty() { any() } else { Some(likely[(command + target) % likely.len()].clone()) };
    let Some((command, person, id)) = chosen else { return Ok((0, 0)) };
    let asker: &Asker = &askers[person];
    let kind = command.on();
    if !matches!(kind, Kind::Concern | Kind::Referral | Kind::Share) {
        return Ok((0, 0));
    }
    let table = definition(kind).table;
    let row = before.one(table, &id).expect("the row");
    let verdict = expected(&before, asker, command, row);
    let public = format!("{}_{id}", definition(kind).prefix);
    let concern = if table == "concern" { id.clone() } else { text(row, "concern_id").expect("a concern").to_owned() };
    let concern_row = before.one("concern", &concern).expect("a concern");
    let status = text(concern_row, "status").expect("a status");
    let version = async || {
        let knows = View::of(asker.who.role).types.contains_key(&Kind::Concern);
        if knows {
            seen(app, &asker.who, &format!("concern_{concern}"), "version").await["version"].as_i64()
        } else {
            None
        }
    };
    let version_before = version().await;
    let given = input(command, &public, variant, &raised[(target + 1) % raised.len()]);
    let reply = act(app, &asker.who, command.name(), given.clone(), "__typename").await;
    let code = reply.json["errors"][0]["extensions"]["code"].as_str();
    let after = Rows::read(&app.db).await;
    let context = format!(
        "{} by {} as {} on {public}, {status}: {}",
        command.name(),
        asker.who.subject,
        asker.who.role,
        reply.text
    );
    let fail = |why: &str| Err(TestCaseError::fail(format!("{why}: {context}")));

    let right_code = match verdict {
        Verdict::NoField => code == Some("GRAPHQL_VALIDATION_FAILED"),
        Verdict::NotFound => code == Some("NOT_FOUND"),
        Verdict::Forbidden => code == Some("FORBIDDEN"),
        Verdict::Granted => matches!(code, None | Some("CONFLICT" | "BAD_USER_INPUT")),
    };
    if !right_code {
        return fail(&format!("expected {verdict:?}"));
    }
    if table == "concern" && verdict == Verdict::Granted {
        let by_mission = text(&asker.agency, "kind") == Some("MISSION");
        let outcome = given["outcome"].as_str().unwrap_or("");
        let owned = text(concern_row, "owner_id").is_some();
        let now_at = text(after.one("concern", &concern).expect("a concern"), "status");
        match (leads(command, status, outcome, by_mission, owned), code) {
            (None, Some("CONFLICT")) => {}
            (None, _) => return fail("an illegal step"),
            (Some(to), None) if now_at == Some(to) => {}
            (Some(_), None) => return fail(&format!("it is {now_at:?}")),
            (Some(_), Some(_)) if is_plain(command) => return fail("a legal step was refused"),
            (Some(_), Some(_)) => {}
        }
    }
    if code.is_some() {
        if dump(&before) != dump(&after) {
            return fail("it was refused and left something behind");
        }
        return Ok((0, 1));
    }
    let written = after.all("entry").len() - before.all("entry").len();
    if written != 1 {
        return fail(&format!("{written} entries"));
    }
    let known: Vec<&str> = before.all("entry").iter().filter_map(|row| text(row, "id")).collect();
    let entry = after.all("entry").iter().find(|row| text(row, "id").is_some_and(|id| !known.contains(&id)));
    // Who acts as the reporter for a mission that is not theirs (any more) does not read what is written for it.
    let read = entry.is_some_and(|entry| !grounds::tiers(&after, asker, Kind::Entry, entry).is_empty());
    let moved = text(after.one("concern", &concern).expect("a concern"), "changes") != text(concern_row, "changes");
    if let (Some(was), Some(is)) = (version_before, version().await) {
        // Who gave it away sees less: a number of another kind.
        let alike = is % 32 == was % 32;
        if (alike && is < was) || ((read || moved) && is == was) {
            return fail(&format!("version {was}, then {is}"));
        }
    }
    let lines = desk::visibility::verify(&app.db.store, 3).await.expect("compared");
    let words = desk::search::verify(&app.db.store, 3).await.expect("compared");
    let clocks = desk::response::verify(&app.db.store).await.expect("compared");
    if !lines.is_none() || !words.is_none() || !clocks.wrong.is_empty() {
        return fail(&format!("what is derived is not what the rows say: {lines:?} {words:?} {clocks:?}"));
    }
    Ok((1, 0))
}

async fn walk(engine: Engine, steps: &[Step]) -> Result<(u32, u32, u32), TestCaseError> {
    let app = world(engine).await;
    let shift = format!(
        "insert into watch_shift (id, person_id, starts_at, ends_at) values ('w', '{}', '2026-11-22T08:00:00.000000Z', '2026-11-23T16:00:00.000000Z'); update standing set version = version + 1",
        row('P', 5)
    );
    run(&app.db, &shift).await;
    let concerns = [raised(&app).await, raised(&app).await];
    let mut counted = (0, 0, 0);
    let askers = Rows::read(&app.db).await.askers();
    let mut watchers = Watchers::begin(&app, &askers, steps.len()).await;
    for step in steps {
        app.db.clock.advance(Duration::minutes(i64::from(step.4)));
        // What the clock opens and closes is told now, as it is every second: later it would be told of what a command does, too.
        desk::Desk::new(&app.db.store, &app.db.clock).by_clock().await.expect("it is told");
        watchers.look(&app).await;
        let (done, refused) = Box::pin(take(&app, step, &concerns)).await?;
        let told = watchers.compare(&app, &format!("{step:?}")).await?;
        counted = (counted.0 + done, counted.1 + refused, counted.2 + told);
    }
    Ok(counted)
}

#[rstest]
fn whatever_is_done_in_whatever_order(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (seed, cases) = (given("CHANCERY_TEST_SEED", 16), given("DESK_CASES", 10));
    let seed = seed.unwrap_or_else(|| uuid::Uuid::now_v7().as_u128());
    eprintln!("CHANCERY_TEST_SEED={seed:x}");
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&seed.to_be_bytes());
    let cases = cases.and_then(|cases| u32::try_from(cases).ok()).unwrap_or(8);
    let config = Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let counted = std::cell::Cell::new((0, 0, 0));
    let result = runner.run(&steps(), |steps| {
        let walked = runtime.block_on(walk(engine, &steps));
        // Said at once: to find a shorter life takes a while.
        let (done, refused, told) = walked.inspect_err(|failure| eprintln!("{failure}"))?;
        let so_far = counted.get();
        counted.set((so_far.0 + done, so_far.1 + refused, so_far.2 + told));
        Ok(())
    });
    if let Err(failure) = result {
        panic!("CHANCERY_TEST_SEED={seed:x}\n{failure}");
    }
    let (done, refused, told) = counted.get();
    eprintln!("{engine:?}: {cases} lives, {done} commands done, {refused} refused, {told} events told");
}

fn given(name: &str, radix: u32) -> Option<u128> {
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    let given = std::env::var(name).ok();
    given.map(|text| u128::from_str_radix(&text, radix).unwrap_or_else(|_| panic!("{name} is a number")))
}
