//! What is so today, by the rows that are seen: who serves at a post, and how far what is owed there has been done.

use chancery::{access::Kind, clock};
use serde_json::{Value, json};

use crate::{
    answer::Oracle,
    rows::{Row, text},
};

/// Days are those of UTC.
fn day(now: &str, ahead: i64) -> String {
    let at = clock::parse_instant(now).expect("an instant") + time::Duration::days(ahead);
    clock::instant(at)[..10].to_owned()
}

impl Oracle<'_> {
    /// The visible rows of a type that hang on a post.
    fn at(&self, post: &Row, kind: Kind) -> Vec<&Row> {
        let mut found = self.visible(kind);
        found.retain(|row| text(row, "post_id") == text(post, "id"));
        found
    }

    /// Who serves at a post: the last who came, of an office that one holds; else all, by name.
    pub fn serving(&self, post: &Row, field: &str) -> Value {
        let capacities: &[&str] = match field {
            "chiefOfMission" => &["CHIEF_OF_MISSION"],
            "regionalSecurityOfficer" => &["REGIONAL_SECURITY_OFFICER"],
            "deputies" => &["DEPUTY_REGIONAL_SECURITY_OFFICER", "ASSISTANT_REGIONAL_SECURITY_OFFICER"],
            other => panic!("{other}: who is that?"),
        };
        let today = day(&self.rows.now, 0);
        let get = |tour, column| text(tour, column).expect("a value");
        let mut tours = self.at(post, Kind::Tour);
        tours.retain(|tour| {
            capacities.contains(&get(tour, "capacity"))
                && get(tour, "starts_on") <= today.as_str()
                && text(tour, "ends_on").is_none_or(|last| today.as_str() <= last)
        });
        if field == "deputies" {
            let mut names: Vec<&str> = tours.into_iter().map(|tour| get(tour, "name")).collect();
            names.sort_unstable();
            return json!(names);
        }
        let last = tours.into_iter().max_by_key(|tour| (get(tour, "starts_on"), get(tour, "id")));
        last.map_or(Value::Null, |tour| json!(get(tour, "name")))
    }

    /// How the reviews of a post's programmes stand, or the findings in them.
    pub fn readiness(&self, post: &Row, field: &str) -> Value {
        let (kind, due, done) = match field {
            "readiness" => (Kind::PostProgramme, "next_review_on", "ended_on"),
            "findingsReadiness" => (Kind::Finding, "due_on", "resolved_at"),
            other => panic!("{other}: of what?"),
        };
        let owed: Vec<&str> = self
            .at(post, kind)
            .into_iter()
            .filter(|row| text(row, done).is_none())
            .map(|row| text(row, due).expect("a day"))
            .collect();
        let (today, soon) = (day(&self.rows.now, 0), day(&self.rows.now, 30));
        let overdue = owed.iter().filter(|day| **day < today.as_str()).count();
        let due_soon = owed.iter().filter(|day| **day >= today.as_str() && **day <= soon.as_str()).count();
        let state = match (owed.len(), overdue, due_soon) {
            (0, ..) => "NONE",
            (_, 1.., _) => "OVERDUE",
            (_, 0, 1..) => "DUE_SOON",
            _ => "CURRENT",
        };
        json!({ "state": state, "open": owed.len(), "overdue": overdue, "dueSoon": due_soon, "nextDueOn": owed.iter().min() })
    }
}

/// Whether the review of a programme that is kept is due before a day.
pub fn is_due(programme: &Row, before: &str) -> bool {
    text(programme, "next_review_on").is_some_and(|day| day < before) && text(programme, "ended_on").is_none()
}
