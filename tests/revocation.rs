//! Tokens that are void before they expire, through the front door of two servers of one database.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole binary is tests; the exemption of clippy.toml does not reach what the tests call"
)]

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::{
    audit::OPERATOR, config::Limits, desk::registry::revocation, identity::demo_keys::SigningKey, store::Engine,
};
use clap::Parser as _;
use entity::audit_event;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use support::{
    TestDb,
    app::{App, Who},
    enrolled,
    line::{Line, chancery},
    small_world::{analyst, french, french_colleague, police, public, row},
};

/// Two servers of one database.
struct Pair([Arc<App>; 2]);

impl Pair {
    async fn new(engine: Engine) -> Self {
        let first = enrolled(engine).await;
        let second = first.another(Limits::default()).await;
        Self([Arc::new(first), Arc::new(second)])
    }

    fn db(&self) -> &TestDb {
        &self.0[0].db
    }

    async fn token(&self, who: &Who) -> String {
        self.0[0].token(who).await
    }

    /// What both servers answer.
    async fn ask(&self, token: &str) -> [u16; 2] {
        [ask(&self.0[0], token).await, ask(&self.0[1], token).await]
    }

    /// A token of the person that says this instead.
    async fn saying(&self, who: &Who, claims: Value) -> String {
        let token = self.token(who).await;
        let payload = token.split('.').nth(1).unwrap();
        let payload = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap();
        let mut said: Value = serde_json::from_slice(&payload).unwrap();
        for (name, value) in claims.as_object().unwrap() {
            said[name] = value.clone();
        }
        let key = SigningKey::load(&self.db().directory().join("keys"), &who.agency).unwrap();
        key.sign("at+jwt", said.as_object().unwrap()).unwrap()
    }
}

async fn ask(app: &App, token: &str) -> u16 {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(r#"{"query":"{ missions(first: 1) { totalCount } }"}"#))
        .unwrap();
    app.respond(request).await.status().as_u16()
}

const GROUNDS: &str = "--reason=Stolen --by=watch";
const BOTH: [u16; 2] = [200, 200];
const NEITHER: [u16; 2] = [401, 401];
const CONCERNS: &str = "subscription { concernChanged { change } }";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Token,
    Person,
    Agency,
}

/// While many ask and some listen, on both servers: whoever is meant is refused from the next request on and told no
/// more, without anybody's clock moving; nobody else notices.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_revocation_counts_on_every_server_at_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(Kind::Token, Kind::Person, Kind::Agency)] kind: Kind,
) {
    let pair = Pair::new(engine).await;
    let meant = pair.saying(&french(), json!({ "jti": "stolen" })).await;
    let same_person = pair.token(&french()).await;
    let same_agency = pair.token(&french_colleague()).await;
    let another = pair.saying(&police(), json!({ "jti": "stolen" })).await;
    let (agency, subject) = (row('A', 1), french().subject);
    let (line, void) = match kind {
        Kind::Token => (format!("token revoke {agency} stolen {GROUNDS}"), vec![&meant]),
        Kind::Person => (format!("person revoke {agency} {subject} {GROUNDS}"), vec![&meant, &same_person]),
        Kind::Agency => (format!("agency revoke {agency} {GROUNDS}"), vec![&meant, &same_person, &same_agency]),
    };
    let all = [&meant, &same_person, &same_agency, &another];
    let mut listeners = Vec::new();
    for token in all {
        for app in &pair.0 {
            let mut listener = app.listen_with(token, &json!({ "query": CONCERNS })).await;
            listener.told("RESYNC").await;
            listeners.push((void.contains(&token), listener));
        }
    }

    let (is_revoked, over) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let answered = Arc::new(AtomicUsize::new(0));
    let askers: Vec<_> = all
        .iter()
        .flat_map(|token| pair.0.iter().map(move |app| (*token, app)))
        .map(|(token, app)| {
            let (app, token, is_void) = (Arc::clone(app), token.clone(), void.contains(&token));
            let (is_revoked, over, answered) = (Arc::clone(&is_revoked), Arc::clone(&over), Arc::clone(&answered));
            tokio::spawn(async move {
                while !over.load(Ordering::SeqCst) {
                    let was_revoked = is_revoked.load(Ordering::SeqCst);
                    let status = ask(&app, &token).await;
                    match (is_void, was_revoked) {
                        (true, true) => assert_eq!(status, 401, "asked after it was revoked"),
                        // It may be revoked while this is under way.
                        (true, false) => assert!([200, 401].contains(&status), "{status}"),
                        (false, _) => assert_eq!(status, 200, "of somebody else"),
                    }
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let more = async || {
        let seen = answered.load(Ordering::SeqCst);
        while answered.load(Ordering::SeqCst) < seen + 40 && !askers.iter().any(tokio::task::JoinHandle::is_finished) {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    };
    more().await;
    let said = chancery(pair.db(), &line).await.unwrap();
    assert!(said.starts_with("revoked "), "{said}");
    is_revoked.store(true, Ordering::SeqCst);
    more().await;
    over.store(true, Ordering::SeqCst);
    for asker in askers {
        asker.await.expect("every answer was right");
    }
    for (is_void, listener) in &mut listeners {
        if *is_void {
            assert_eq!(listener.end().await, "UNAUTHENTICATED");
        } else {
            listener.silence().await;
        }
    }
    for token in all {
        assert_eq!(pair.ask(token).await, if void.contains(&token) { NEITHER } else { BOTH });
    }
    // Whoever is meant is not shut out: the next token is another, once the leeway of clocks is over.
    pair.db().clock.advance(time::Duration::seconds(31));
    let later = pair.token(&french()).await;
    assert_eq!(pair.ask(&later).await, BOTH);
}

/// What was issued before a revocation is void, and what was issued after it is not, by the agency's own clock.
#[rstest]
#[tokio::test]
async fn issued_before_and_after(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(Kind::Person, Kind::Agency)] kind: Kind,
) {
    let pair = Pair::new(engine).await;
    let now = pair.db().clock.now().unix_timestamp();
    // In the middle of a second.
    pair.db().clock.advance(time::Duration::milliseconds(500));
    let (agency, subject) = (row('A', 1), french().subject);
    let line = match kind {
        Kind::Person => format!("person revoke {agency} {subject} {GROUNDS}"),
        _ => format!("agency revoke {agency} {GROUNDS}"),
    };
    chancery(pair.db(), &line).await.unwrap();
    let half: Value = serde_json::from_str(&format!("{now}.5")).unwrap();
    let more: Value = serde_json::from_str(&format!("{now}.75")).unwrap();
    for (iat, expected) in [
        (json!(now - 600), NEITHER),
        (json!(now - 1), NEITHER),
        (json!(now), NEITHER),
        (half, NEITHER),
        (more, NEITHER),
        // The agency's clock may be ahead of ours by half a minute.
        (json!(now + 20), NEITHER),
        (json!(now + 30), NEITHER),
    ] {
        let token = pair.saying(&french(), json!({ "iat": iat, "exp": now + 600 })).await;
        assert_eq!(pair.ask(&token).await, expected, "issued at {iat}, revoked at {now}.5");
    }
    // A second one voids what came between.
    pair.db().clock.advance(time::Duration::seconds(40));
    let between = pair.saying(&french(), json!({ "iat": now + 31, "exp": now + 600 })).await;
    assert_eq!(pair.ask(&between).await, BOTH);
    chancery(pair.db(), &line).await.unwrap();
    assert_eq!(pair.ask(&between).await, NEITHER);
    assert_eq!(pair.ask(&pair.token(&analyst()).await).await, BOTH);
}

/// A token is revoked by its whole name, before or after it is first seen, whenever it was issued.
#[rstest]
#[tokio::test]
async fn one_token(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let pair = Pair::new(engine).await;
    let agency = row('A', 1);
    chancery(pair.db(), &format!("token revoke {agency} j-1 {GROUNDS}")).await.unwrap();
    let now = pair.db().clock.now().unix_timestamp();
    for (jti, expected) in [("j-1", NEITHER), ("J-1", BOTH), ("j-11", BOTH), ("j-", BOTH), ("%", BOTH), ("j_1", BOTH)] {
        let token = pair.saying(&french(), json!({ "jti": jti })).await;
        assert_eq!(pair.ask(&token).await, expected, "{jti}");
        let token = pair.saying(&french_colleague(), json!({ "jti": jti, "iat": now + 10 })).await;
        assert_eq!(pair.ask(&token).await, expected, "{jti}, of a colleague, later");
        let token = pair.saying(&police(), json!({ "jti": jti })).await;
        assert_eq!(pair.ask(&token).await, BOTH, "{jti}, of another agency");
    }
}

/// The trail has who was revoked, and whom that kept out.
#[rstest]
#[tokio::test]
async fn the_trail_and_the_registry_remember(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let pair = Pair::new(engine).await;
    let agency = row('A', 1);
    let token = pair.token(&french()).await;
    for line in [
        format!("token revoke {agency} j-1 {GROUNDS}"),
        format!("person revoke {agency} {} {GROUNDS}", french().subject),
        format!("agency revoke {agency} {GROUNDS}"),
    ] {
        chancery(pair.db(), &line).await.unwrap();
        pair.db().clock.advance(time::Duration::SECOND);
    }
    let rows = &pair.db().store.orm;
    let by_operator = audit_event::Entity::find()
        .filter(audit_event::Column::Writer.eq(OPERATOR))
        .order_by_asc(audit_event::Column::Sequence);
    let events = by_operator.all(rows).await.unwrap();
    let (of_agency, of_person) = (public("agency", 'A', 1), public("person", 'P', 1));
    let told: Vec<_> = events
        .iter()
        .rev()
        .take(3)
        .map(|event| (event.operation.as_str(), event.decision.as_str(), event.object_ids.as_str()))
        .collect();
    let named = |ids: &[&String]| json!(ids).to_string();
    assert_eq!(told[2], ("token revoke j-1", "DONE", named(&[&of_agency]).as_str()));
    assert_eq!(told[1].0, "person revoke");
    assert!(told[1].2.contains(&of_agency) && told[1].2.contains(&of_person), "{}", told[1].2);
    assert_eq!(told[0], ("agency revoke", "DONE", named(&[&of_agency]).as_str()));

    assert_eq!(ask(&pair.0[0], &token).await, 401);
    let refused = audit_event::Entity::find()
        .filter(audit_event::Column::Operation.starts_with("authenticate: "))
        .filter(audit_event::Column::Subject.eq(french().subject));
    let event = refused.one(rows).await.unwrap().expect("whom it kept out is in the trail");
    assert_eq!((event.decision.as_str(), event.agency_id.as_deref()), ("REFUSED", Some(agency.as_str())));

    let listed = chancery(pair.db(), &format!("agency revocations {agency} --json")).await.unwrap();
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["subject"], Value::Null);
    assert_eq!(listed[1]["subject"], french().subject.as_str());
    assert_eq!(
        listed[2],
        json!({ "at": "2026-11-22T12:00:00.000000Z", "subject": null, "jti": "j-1", "reason": "Stolen", "by": "watch",
                "lapsesAt": "2026-11-23T12:01:00.000000Z" })
    );
}

/// A revocation is kept for as long as what it voids could be valid, and changes nothing when it goes.
#[rstest]
#[tokio::test]
async fn revocations_are_thrown_away_when_nothing_needs_them(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let pair = Pair::new(engine).await;
    support::small_world::run(pair.db(), "update agency set max_lifetime_s = 86400").await;
    let now = pair.db().clock.now().unix_timestamp();
    // The longest life there is, by a clock that goes as far ahead as is borne.
    let longest = pair.saying(&french(), json!({ "jti": "j-1", "iat": now + 30, "exp": now + 30 + 86_400 })).await;
    chancery(pair.db(), &format!("token revoke {} j-1 {GROUNDS}", row('A', 1))).await.unwrap();
    let prune = async || revocation::prune(&pair.db().store.orm, &pair.db().clock.now_text()).await.unwrap();
    pair.db().clock.advance(time::Duration::seconds(86_459));
    assert_eq!(prune().await, 0);
    assert_eq!(pair.ask(&longest).await, NEITHER);
    pair.db().clock.advance(time::Duration::SECOND);
    assert_eq!(prune().await, 1);
    assert_eq!(pair.ask(&longest).await, NEITHER, "it has expired by itself");
}

#[rstest]
#[tokio::test]
async fn what_is_not_a_revocation_changes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let pair = Pair::new(engine).await;
    let agency = row('A', 1);
    let subject = french().subject;
    for (line, says) in [
        (format!("person revoke {agency} nobody {GROUNDS}"), "the agency has no person `nobody`"),
        (format!("person revoke {} {subject} {GROUNDS}", row('A', 2)), "the agency has no person"),
        (format!("agency revoke nobody {GROUNDS}"), "no agency has the id"),
        (format!("agency revoke {agency} --reason= --by=watch"), "`reason`: expected a text"),
        (format!("agency revoke {agency} --reason=a --by="), "`by`: expected a text"),
        (format!("agency revoke {agency} --reason=a\u{7} --by=watch"), "`reason`: expected a text"),
        (format!("agency revoke {agency} --reason={} --by=watch", "a".repeat(1001)), "`reason`: expected a text"),
        (format!("token revoke {agency} j\u{200b} {GROUNDS}"), "`jti`: expected a text"),
        (format!("token revoke {agency} {} {GROUNDS}", "j".repeat(256)), "`jti`: expected a text"),
    ] {
        let error = chancery(pair.db(), &line).await.unwrap_err();
        assert!(error.message.contains(says), "{line}: {}", error.message);
    }
    assert!(Line::try_parse_from(["chancery", "agency", "revoke", &agency]).is_err(), "grounds must be given");
    assert_eq!(pair.ask(&pair.token(&french()).await).await, BOTH);
    let kept = entity::revocation::Entity::find().all(&pair.db().store.orm).await.unwrap();
    assert!(kept.is_empty(), "{kept:?}");
}
