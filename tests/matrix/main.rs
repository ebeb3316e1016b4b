//! The policy as clients observe it: every role, every row that stands for a situation, every field.
//!
//! One world of rows holds every situation of the policy at once. Each asker asks for each row, and what it sees must
//! be what stands **beside the situation**, written by hand from the policy's prose; neither the table nor `emit` is
//! asked. Lists, counts, edges, connections, filters and orders must then agree with what `node` shows. Last, the
//! observation is compared with `ROLE.txt`: `BLESS=1` rewrites that file, but only after the observation was found
//! to be what the prose says, so that blessing cannot open doors.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod agree;
mod cast;
mod client;
mod names;
mod observe;
mod page;
mod prose;
mod stored;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chancery::{access::Role, store::Engine};
use rstest::rstest;

use crate::{
    cast::CAST,
    client::Client,
    observe::Observation,
    stored::Stored,
    support::{TestDb, app::App},
};

#[rstest]
#[tokio::test]
async fn what_clients_observe_is_what_the_policy_says(
    #[values((Engine::Sqlite, false), (Engine::Postgres, false), (Engine::Postgres, true))] (engine, walled): (
        Engine,
        bool,
    ),
) {
    let db = TestDb::new(engine).await;
    let world = world::build(&db).await;
    let stored = Stored::read(&db).await;
    let mut faults = stored.gaps(&world);
    let app = if walled { App::walled_apart(db).await } else { App::apart(db).await };
    let mut observed: BTreeMap<&str, Observation> = BTreeMap::new();
    for asker in CAST {
        let client = Client::open(&app, asker).await;
        let observation = Observation::of(&client, &world, &stored, &mut faults).await;
        for situation in &world {
            let (expected, seen) = (situation.expected(asker.name), observation.of_row(&situation.id));
            if expected != seen {
                faults.push(format!(
                    "{} ({}) on {} \"{}\": the policy says {expected}, observed {seen}",
                    asker.name,
                    asker.role,
                    situation.kind.name(),
                    situation.name,
                ));
            }
        }
        agree::check(&client, &observation, &world, &stored, &mut faults).await;
        observed.insert(asker.name, observation);
    }
    assert!(faults.is_empty(), "{} disagreements:\n{}", faults.len(), faults.join("\n"));
    for role in Role::ALL {
        page::compare(role, &page::text(role, &observed, &world));
    }
}

#[test]
fn every_role_has_an_asker() {
    let roles: BTreeSet<Role> = CAST.iter().map(|asker| asker.role).collect();
    assert_eq!(roles.len(), Role::ALL.len(), "a role without an asker is not observed");
    let names: BTreeSet<&str> = CAST.iter().map(|asker| asker.name).collect();
    assert_eq!(names.len(), CAST.len(), "two askers of one name");
}
