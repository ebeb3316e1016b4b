//! What the ordinary lists tell somebody of a mission, a visit or a post: the timeline by brute force.

use chancery::{access::Kind, model::view::View};
use serde_json::{Value, json};

use crate::{
    Anchor, Item,
    addressed::Stored,
    support::app::{App, Who},
};

/// What hangs on a visit or a post, as it lists it, and by what it is dated.
const BELOW: [(Kind, &str, Kind, &str); 9] = [
    (Kind::Visit, "legs", Kind::Leg, "startsAt"),
    (Kind::Visit, "portCourtesies", Kind::PortCourtesy, "at"),
    (Kind::Visit, "weaponsNotices", Kind::WeaponsNotice, "filedAt"),
    (Kind::Visit, "advanceNotes", Kind::AdvanceNote, "at"),
    (Kind::Post, "tours", Kind::Tour, "startsOn"),
    (Kind::Post, "reviews", Kind::ProgrammeReview, "reviewedOn"),
    (Kind::Post, "findings", Kind::Finding, "foundAt"),
    (Kind::Post, "advice", Kind::Advice, "advisedAt"),
    (Kind::Post, "incidents", Kind::Incident, "openedAt"),
];

/// What somebody is told by the lists of concerns, visits and advisories.
pub struct Lists<'a> {
    app: &'a App,
    who: &'a Who,
    view: View,
    concerns: Vec<Value>,
    visits: Vec<Value>,
    advisories: Vec<Value>,
}

impl<'a> Lists<'a> {
    /// Reads them.
    pub async fn of(app: &'a App, who: &'a Who) -> Self {
        let view = View::of(who.role);
        let concerns = ["openedAt", "mission.id", "mission.sendingState.id", "visit.id"];
        let visits = ["arrivesOn", "mission.id", "sendingState.id"];
        Self {
            app,
            who,
            view,
            concerns: list(app, who, Kind::Concern, "concerns", &concerns).await,
            visits: list(app, who, Kind::Visit, "visits", &visits).await,
            advisories: list(app, who, Kind::Advisory, "advisories", &["sentAt", "audience"]).await,
        }
    }

    /// What they tell of it, newest first; of what is not shown, nothing.
    pub async fn tell(&self, stored: &Stored, anchor: &Anchor) -> Option<Vec<Item>> {
        let kind = match anchor.argument {
            "mission" => Kind::Mission,
            "visit" => Kind::Visit,
            _ => Kind::Post,
        };
        let below: Vec<_> = BELOW
            .iter()
            .filter(|(of, list, below, at)| {
                *of == kind && self.view.reads(kind, &[list]) && self.view.reads(*below, &[at])
            })
            .collect();
        let selection: String =
            below.iter().map(|(_, list, _, at)| format!(" {list}(first: 100) {{ nodes {{ id {at} }} }}")).collect();
        let country = if kind == Kind::Post { " country { id }" } else { "" };
        let question = format!("query($id: ID!) {{ row: {}(id: $id) {{ id{country}{selection} }} }}", anchor.argument);
        let reply = self.app.ask(self.who, &question, json!({ "id": anchor.id })).await;
        let row = &reply.data()["row"];
        if row.is_null() {
            return None;
        }
        let mut items = Vec::new();
        for (_, list, below, at) in below {
            items.extend(row[*list]["nodes"].as_array().expect("nodes").iter().map(|node| item(*below, node, at)));
        }
        for (below, at, nodes) in [
            (Kind::Concern, "openedAt", &self.concerns),
            (Kind::Visit, "arrivesOn", &self.visits),
            (Kind::Advisory, "sentAt", &self.advisories),
        ] {
            let tied = nodes.iter().filter(|node| self.ties(stored, anchor, row, below, node));
            items.extend(tied.map(|node| item(below, node, at)));
        }
        items.sort_unstable();
        items.reverse();
        Some(items)
    }

    fn ties(&self, stored: &Stored, anchor: &Anchor, row: &Value, kind: Kind, node: &Value) -> bool {
        // What is not read is not there: nothing is tied by it.
        let is = |found: &Value, wanted: &Value| found.is_string() && found == wanted;
        match (anchor.argument, kind) {
            ("mission", Kind::Concern | Kind::Visit) => is(&node["mission"]["id"], &row["id"]),
            ("mission", Kind::Advisory) => {
                stored.ties(self.who, bare(&row["id"]), bare(&node["id"]), !node["audience"].is_null())
            }
            ("visit", Kind::Concern) => is(&node["visit"]["id"], &row["id"]),
            ("post", Kind::Concern) => is(&node["mission"]["sendingState"]["id"], &row["country"]["id"]),
            ("post", Kind::Visit) => is(&node["sendingState"]["id"], &row["country"]["id"]),
            _ => false,
        }
    }
}

/// The rows of a list, with as many of the fields as the role's schema has: paths to what is no object.
async fn list(app: &App, who: &Who, kind: Kind, list: &str, paths: &[&str]) -> Vec<Value> {
    let view = View::of(who.role);
    if view.ty(kind).is_none() {
        return Vec::new();
    }
    let mut selection = String::new();
    for path in paths {
        let steps: Vec<&str> = path.split('.').collect();
        let fields: Vec<&str> = steps.iter().copied().filter(|step| *step != "id").collect();
        if view.reads(kind, &fields) {
            selection += &format!(" {}{}", steps.join(" { "), " }".repeat(steps.len() - 1));
        }
    }
    let reply =
        app.ask(who, &format!("{{ {list}(first: 100) {{ totalCount nodes {{ id{selection} }} }} }}"), json!({})).await;
    let found = &reply.data()[list];
    let nodes = found["nodes"].as_array().expect("nodes").clone();
    assert_eq!(found["totalCount"], nodes.len(), "the world is small");
    nodes
}

fn item(kind: Kind, node: &Value, at: &str) -> Item {
    let id = node["id"].as_str().expect("an id").to_owned();
    let at = node[at].as_str().expect("what orders a row is shown with it").to_owned();
    Item { at, row: bare(&node["id"]).to_owned(), kind: kind.name().to_owned(), id }
}

/// The row's own id.
fn bare(id: &Value) -> &str {
    id.as_str().and_then(|id| id.rsplit_once('_')).expect("an id").1
}

/// Items of types, in their order.
pub fn only(items: &[Item], kinds: &[&str]) -> Vec<Item> {
    let is_asked = |item: &&Item| kinds.contains(&item.kind.as_str());
    items.iter().filter(is_asked).cloned().collect()
}

/// What orders items, for messages.
pub fn dates(items: &[Item]) -> String {
    let line = |item: &Item| format!("{} {} {}\n", item.at, item.kind, item.id);
    items.iter().map(line).collect()
}
