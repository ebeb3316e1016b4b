//! `chancery agency confirm-areas`: what waits, what it means, and who is asked.

use std::{
    io::{Cursor, Write},
    process::{Command, Stdio},
};

use chancery::{
    cli::{
        agency::AgencyCommand,
        confirm_areas::{self, Asked},
    },
    desk::registry::{self, areas},
    error::{Error, Result},
    import::{self, Content, LONGEST_LINE, Options},
    store::{Address, Engine},
};
use clap::Parser;
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{
    TestDb,
    app::App,
    line,
    small_world::{self, police, row},
};

/// The imports' fixtures: ten agencies, seven of them with proposals.
async fn listed(engine: Engine) -> TestDb {
    let db = TestDb::new(engine).await;
    for (content, text) in [
        (Content::Counties, include_str!("../import/fixtures/counties.txt")),
        (Content::Counties, include_str!("../import/fixtures/states.txt")),
        (Content::Agencies, include_str!("../import/fixtures/agencies.csv")),
    ] {
        let rejects = db.directory().join("rejects");
        let options = Options { dry_run: false, rejects, change_grounds: false, longest_line: LONGEST_LINE };
        let source = Box::new(Cursor::new(text));
        import::stream(content, "FILE", source, &options, &db.store, &db.clock).await.unwrap();
    }
    db
}

/// The agency's areas, and whether each is confirmed.
async fn stands(db: &TestDb, agency: &str) -> Vec<(String, bool)> {
    let agency = registry::agency(&db.store.orm, agency).await.unwrap();
    let rows = areas::list(&db.store.orm, &agency.id).await.unwrap();
    rows.into_iter().map(|row| (row.area, row.confirmed_at.is_some())).collect()
}

#[derive(Parser)]
enum Line {
    #[command(subcommand)]
    Agency(AgencyCommand),
}

fn misused(line: &str) -> bool {
    Line::try_parse_from(format!("chancery {line}").split(' ')).is_err()
}

/// Somebody who answers so, or nobody.
struct Answers(Option<&'static str>, u32);

impl Asked for Answers {
    fn agrees(&mut self, question: &str, out: &mut dyn Write) -> Result<Option<bool>> {
        self.1 += 1;
        let Some(said) = self.0 else { return Ok(None) };
        confirm_areas::answer(question, &mut Cursor::new(said), out).map(Some)
    }
}

/// Runs `agency confirm-areas` in front of somebody. What was printed, and how often they were asked.
async fn before(db: &TestDb, said: Option<&'static str>, line: &str) -> (Result<String>, u32) {
    let line = format!("chancery agency confirm-areas {line}");
    let Line::Agency(AgencyCommand::ConfirmAreas(command)) = Line::try_parse_from(line.split(' ')).unwrap() else {
        panic!("{line}");
    };
    let (mut out, mut asked) = (Vec::new(), Answers(said, 0));
    let done = confirm_areas::run(command, &db.store, &db.clock, &mut asked, &mut out).await;
    (done.map(|()| String::from_utf8(out).unwrap()), asked.1)
}

#[rstest]
#[tokio::test]
async fn what_waits_is_listed_within_bounds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = listed(engine).await;
    let run = async |line: &str| line::chancery(&db, line).await.unwrap();
    let codes = async |line: &str| -> Vec<String> {
        let list: Value = serde_json::from_str(&run(line).await).unwrap();
        list.as_array().unwrap().iter().map(|row| row["ori"].as_str().unwrap().to_owned()).collect()
    };
    let by_name = ["MD0040000", "TX1010000", "NM0070100", "MDMSP0000", "NY0303000", "NB0280200", "DCMPD0000"];
    assert_eq!(codes("agency confirm-areas --json").await, by_name);
    assert_eq!(codes("agency confirm-areas --level STATE --json").await, ["MDMSP0000"]);
    assert_eq!(codes("agency confirm-areas --state US-MD --json").await, ["MD0040000", "MDMSP0000"]);
    assert_eq!(codes("agency confirm-areas --state US-MD --level CITY --limit 1 --json").await, ["MD0040000"]);
    let told = run("agency confirm-areas --limit 3").await;
    assert_eq!(told.lines().count(), 5, "{told}");
    assert!(told.starts_with("ORI ") && told.contains("24510"), "{told}");
    assert!(told.ends_with("and 4 more: narrow it with --level and --state, or raise --limit\n"), "{told}");
    let new_york: Value = serde_json::from_str(&run("agency confirm-areas --state US-NY --json").await).unwrap();
    assert_eq!(new_york[0]["proposals"], json!(["36005", "36047", "36061", "36081", "36085"]));
    assert_eq!(new_york[0]["warning"], json!(null));

    // What is confirmed waits no longer.
    assert_eq!(run("agency confirm-areas MDMSP0000 US-MD").await, "confirmed US-MD\n");
    assert_eq!(run("agency confirm-areas --level STATE").await, "no agency has an open proposal\n");
    assert_eq!(run("agency confirm-areas --level STATE --json").await, "[]\n");
    for line in [
        "agency confirm-areas --yes",
        "agency confirm-areas --limit 0",
        "agency confirm-areas --level city",
        "agency confirm-areas --state NY",
        "agency confirm-areas --state 36061",
        "agency confirm-areas NY0303000 --level CITY",
        "agency confirm-areas NY0303000 36061 --yes",
        "agency confirm-areas NY0303000 --json",
    ] {
        assert!(misused(line), "{line}");
    }
}

#[rstest]
#[tokio::test]
async fn an_agency_s_are_shown_and_somebody_is_asked(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = listed(engine).await;
    let sheriff = |confirmed| [("48201".to_owned(), confirmed)];
    for said in ["n\n", "\n", "", "yess\n", "48201\n"] {
        let (told, asked) = before(&db, Some(said), "TX1010000").await;
        let told = told.unwrap();
        assert!(told.contains("Harris County Sheriff's Office (TX1010000), COUNTY"), "{told}");
        assert!(told.contains("48201  Harris County, US-TX  IMPORT"), "{told}");
        assert!(told.contains("Confirm 48201?") && told.ends_with("nothing was confirmed\n"), "{told}");
        assert_eq!((asked, stands(&db, "TX1010000").await), (1, sheriff(false).into()), "{said:?}");
    }
    let (refused, _) = before(&db, None, "TX1010000").await;
    let refused = refused.unwrap_err();
    assert!(refused.message.contains("no terminal to ask at") && refused.message.contains("--yes"), "{refused}");
    assert_eq!(stands(&db, "TX1010000").await, sheriff(false));

    let (told, _) = before(&db, Some(" Y \n"), "TX1010000").await;
    assert!(told.unwrap().ends_with("confirmed 48201\n"));
    assert_eq!(stands(&db, "TX1010000").await, sheriff(true));
    let (told, asked) = before(&db, Some("y\n"), "TX1010000").await;
    assert!(told.unwrap().ends_with("no open proposal\n"));
    assert_eq!(asked, 0, "there is nothing to ask");

    // `--yes` asks nobody, and is for the one agency.
    let (told, asked) = before(&db, None, "NY0303000 --yes").await;
    assert!(told.unwrap().ends_with("confirmed 36081\nconfirmed 36085\n"));
    assert_eq!((asked, stands(&db, "DCMPD0000").await), (0, vec![("11001".to_owned(), false)]));
}

#[rstest]
#[tokio::test]
async fn what_nobody_proposed_is_told_with_what_is_near(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = listed(engine).await;
    let fails = async |line: &str| -> Error { line::chancery(&db, line).await.unwrap_err() };
    for command in ["agency confirm-areas", "agency areas confirm"] {
        let error = fails(&format!("{command} TX1010000 48202")).await;
        assert_eq!(error.code.name(), "NOT_FOUND");
        assert_eq!(error.message, "nobody proposed `48202` for the agency; expected one of its proposals: 48201");
        let error = fails(&format!("{command} NY0303000 36060")).await;
        assert!(error.message.contains("its proposals: 36061, "), "the nearest first: {error}");
        let error = fails(&format!("{command} NY0303000 Manhattan")).await;
        assert!(error.message.contains("which is none: an area is `US`, a state such as `US-NY`"), "{error}");
        let error = fails(&format!("{command} CZ0000500 US-TX")).await;
        assert!(error.message.contains("it has no open proposal; `chancery agency areas add`"), "{error}");
        // All or nothing.
        fails(&format!("{command} NY0303000 36005 36047 36006")).await;
        assert!(stands(&db, "NY0303000").await.iter().all(|(_, confirmed)| !confirmed));
        assert!(fails(&format!("{command} NOBODY 36005")).await.message.contains("no agency has"));
    }
}

#[rstest]
#[tokio::test]
async fn what_is_wider_than_the_agency_is_pointed_out(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = listed(engine).await;
    let run = async |line: &str| line::chancery(&db, line).await.unwrap();
    run("agency areas add TX1010000 US-TX").await;
    run("agency areas add MDMSP0000 US").await;
    let odd = "a whole state, for an agency that is not a state's";
    let list: Value = serde_json::from_str(&run("agency confirm-areas --json").await).unwrap();
    let warned: Vec<(&str, &str)> = list
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| Some((row["ori"].as_str()?, row["warning"].as_str()?)))
        .collect();
    assert_eq!(
        warned,
        [("TX1010000", odd), ("MDMSP0000", "all of the country, for an agency that is not federal")],
        "a state's police for its state is nothing odd"
    );
    let (told, _) = before(&db, Some("n\n"), "TX1010000").await;
    let told = told.unwrap();
    assert!(told.lines().any(|line| line.starts_with("US-TX") && line.ends_with(odd)), "{told}");
    let told = run("agency confirm-areas TX1010000 48201 US-TX").await;
    assert_eq!(
        told,
        format!("confirmed 48201\nconfirmed US-TX\nwarning: US-TX is {odd} (its level is COUNTY): is that meant?\n")
    );
    let again = run("agency areas confirm TX1010000 48201 US-TX").await;
    assert_eq!(again, "was confirmed already: 48201\nwas confirmed already: US-TX\n");
}

/// The program itself, with nobody at its standard input.
#[rstest]
#[tokio::test]
async fn without_a_terminal_the_program_confirms_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = listed(engine).await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_chancery"));
    program.args(["agency", "confirm-areas", "TX1010000"]).env_clear().current_dir(db.directory()).stdin(Stdio::null());
    match &db.store.address {
        Address::Sqlite(_) => program.args(["--data-dir", "."]),
        Address::Postgres(options) => {
            use sqlx::ConnectOptions as _;
            program.env("DATABASE_URL", options.to_url_lossy().to_string())
        }
    };
    let output = program.output().unwrap();
    let (printed, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{printed}{told}");
    assert!(printed.contains("48201") && told.contains("there is no terminal to ask at"), "{printed}{told}");
    assert_eq!(stands(&db, "TX1010000").await, [("48201".to_owned(), false)]);
}

/// The police of the District see what lies in a county of Maryland from the next request on, and not before.
#[rstest]
#[tokio::test]
async fn a_confirmation_holds_from_the_next_request_on(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    small_world::fill(&db).await;
    let moved = format!("update mission set area = '24031' where id = '{}'", row('M', 7));
    small_world::change(&db, &moved).await;
    let app = App::over(db).await;
    let seen = async || -> Vec<String> {
        let reply = app.ask(&police(), "{ missions(first: 100) { nodes { id } } }", json!({})).await;
        let nodes = reply.data()["missions"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
    };
    let agency = row('A', 2);
    let first = seen().await;
    assert!(!first.contains(&small_world::mission(7)) && !first.is_empty());
    let (told, _) = before(&app.db, Some("n\n"), &agency).await;
    assert!(told.unwrap().contains("24031"));
    assert_eq!(seen().await, first, "looking at a proposal opens nothing");
    let told = line::chancery(&app.db, &format!("agency confirm-areas {agency} 24031")).await.unwrap();
    assert_eq!(told, "confirmed 24031\n");
    assert!(seen().await.contains(&small_world::mission(7)));
    line::chancery(&app.db, &format!("agency areas remove {agency} 24031")).await.unwrap();
    assert_eq!(seen().await, first);
}
