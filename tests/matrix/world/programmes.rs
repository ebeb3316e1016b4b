//! Who serves at posts abroad, and what protects the people there.

use chancery::access::Kind;
use entity::{advice, finding, post_programme, programme_review, tour};
use sea_orm::DatabaseTransaction;

use super::{
    Situation, id_of,
    rows::{LATER, THEN, put, some},
};

/// Capacity, and from when until when: today lies in the first four.
const TOURS: &[(&str, &str, &str)] = &[
    ("CHIEF_OF_MISSION", "2025-06-01", "2027-06-01"),
    ("REGIONAL_SECURITY_OFFICER", "2026-11-22", "2028-06-01"),
    ("DEPUTY_REGIONAL_SECURITY_OFFICER", "2024-06-01", "2026-11-22"),
    ("ASSISTANT_REGIONAL_SECURITY_OFFICER", "2026-06-01", "2027-06-01"),
    ("CHIEF_OF_MISSION", "2022-06-01", "2025-05-31"),
    ("REGIONAL_SECURITY_OFFICER", "2028-06-02", "2030-06-01"),
];

/// A programme, and the day from which it is kept no more.
const PROGRAMMES: &[(&str, &str)] = &[("LOCAL_GUARD", "2026-11-01"), ("RESIDENTIAL_SECURITY", "2027-11-01")];

/// A post, how it is called, and who sees who serves there, its programmes, reviews of them, and what is wanting in them or
/// was advised.
type PostLine = (&'static str, &'static str, [&'static str; 4]);

/// An analyst is told who serves and how the programmes stand; what is wanting, and what the chief of mission was advised, is
/// for the officer who is posted there.
#[rustfmt::skip]
const POSTS: &[PostLine] = &[
    ("paris",     "at the officer's post",                  ["analyst=C rso=C", "analyst=P rso=PS", "analyst=P rso=P", "rso=S"]),
    ("marseille", "at a constituent of the officer's post", ["analyst=C", "analyst=P", "analyst=P", ""]),
    ("berlin",    "at another post",                        ["analyst=C", "analyst=P", "analyst=P", ""]),
];

/// Puts them in.
pub async fn build(work: &DatabaseTransaction) -> Vec<Situation> {
    let mut world = Vec::new();
    for (post, at, [served, kept, reviewed, wanting]) in POSTS {
        let post_id = id_of(Kind::Post, post);
        for (capacity, from, until) in TOURS {
            let situation = Situation::new(Kind::Tour, format!("{capacity} from {from}, {at}"), served);
            let row = tour::Model {
                id: situation.id.clone(),
                post_id: post_id.clone(),
                capacity: (*capacity).to_owned(),
                name: "An Officer".to_owned(),
                starts_on: (*from).to_owned(),
                ends_on: some(*until),
            };
            put(work, row).await;
            world.push(situation);
        }
        for (kind, until) in PROGRAMMES {
            let called = |what: &str| format!("{what}{kind}, {at}");
            let programme = Situation::new(Kind::PostProgramme, called(""), kept);
            let review = Situation::new(Kind::ProgrammeReview, called("a review of "), reviewed);
            let finding = Situation::new(Kind::Finding, called("a finding in "), wanting);
            let advice = Situation::new(Kind::Advice, called("advice on "), wanting);
            let row = post_programme::Model {
                id: programme.id.clone(),
                post_id: post_id.clone(),
                kind: (*kind).to_owned(),
                reviewed_on: some("2026-05-04"),
                outcome: some("NEEDS_IMPROVEMENT"),
                next_review_on: "2027-05-04".to_owned(),
                ended_on: some(*until),
            };
            put(work, row).await;
            let row = programme_review::Model {
                id: review.id.clone(),
                post_id: post_id.clone(),
                programme_id: programme.id.clone(),
                reviewed_on: "2026-05-04".to_owned(),
                outcome: "NEEDS_IMPROVEMENT".to_owned(),
                summary: "The guards are at their posts".to_owned(),
                next_review_on: "2027-05-04".to_owned(),
                recorded_by_id: Some(id_of(Kind::Person, "third officer")),
                recorded_at: THEN.to_owned(),
            };
            put(work, row).await;
            put(work, found(&finding.id, &post_id, &programme.id, &review.id)).await;
            put(work, advised(&advice.id, &post_id, &finding.id)).await;
            world.extend([programme, review, finding, advice]);
        }
    }
    world
}

fn found(id: &str, post: &str, programme: &str, review: &str) -> finding::Model {
    finding::Model {
        id: id.to_owned(),
        post_id: post.to_owned(),
        programme_id: programme.to_owned(),
        review_id: some(review),
        severity: "HIGH".to_owned(),
        body: "A gate that does not close".to_owned(),
        found_by_id: Some(id_of(Kind::Person, "third officer")),
        found_at: THEN.to_owned(),
        due_on: "2026-12-01".to_owned(),
        resolved_at: some(LATER),
        resolution: some("It closes"),
    }
}

fn advised(id: &str, post: &str, finding: &str) -> advice::Model {
    advice::Model {
        id: id.to_owned(),
        post_id: post.to_owned(),
        finding_id: some(finding),
        subject: "The gate".to_owned(),
        body: "Close it at night".to_owned(),
        given_to: some("A Chief"),
        advised_by_id: id_of(Kind::Person, "third officer"),
        advised_at: THEN.to_owned(),
        decision: "DECLINED".to_owned(),
        decided_at: some(LATER),
        reason: some("Why"),
    }
}
