//! One asker as a client: what its schema holds, and the questions it puts.

use std::collections::{BTreeMap, BTreeSet};

use chancery::{
    access::Kind,
    model::{
        self,
        kit::{Field, Shape},
        query::{ROOTS, RootShape},
    },
};
use serde_json::{Value, json};

use crate::{
    cast::Asker,
    support::{
        CLOCK,
        app::{App, Reply, Who},
    },
    world::id_of,
};

/// A client.
pub struct Client<'a> {
    /// Who it is.
    pub asker: &'static Asker,
    app: &'a App,
    who: Who,
    /// By type of its schema: the names of the fields, `id` aside.
    pub types: BTreeMap<Kind, BTreeSet<String>>,
    /// The names of the fields of `Query`.
    pub roots: BTreeSet<String>,
}

impl<'a> Client<'a> {
    /// Asks for its schema, as any client does.
    pub async fn open(app: &'a App, asker: &'static Asker) -> Self {
        let who = Who { agency: id_of(Kind::Agency, asker.agency), subject: asker.name.to_owned(), role: asker.role };
        let mut client = Self { asker, app, who, types: BTreeMap::new(), roots: BTreeSet::new() };
        let question = "{ __schema { queryType { fields { name } } types { name fields { name } } } }";
        let reply = client.raw(question, json!({})).await;
        let schema = &reply.data()["__schema"];
        client.roots = field_names(&schema["queryType"]["fields"]);
        for ty in schema["types"].as_array().expect("types") {
            if let Some(kind) = Kind::ALL.into_iter().find(|kind| ty["name"] == kind.name()) {
                let mut fields = field_names(&ty["fields"]);
                fields.remove("id");
                client.types.insert(kind, fields);
            }
        }
        client
    }

    /// Asks.
    pub async fn raw(&self, query: &str, variables: Value) -> Reply {
        self.app.ask(&self.who, query, variables).await
    }

    /// The fields of a type, in the order of the model.
    pub fn fields(&self, kind: Kind) -> Vec<&'static Field> {
        let Some(names) = self.types.get(&kind) else { return Vec::new() };
        model::definition(kind).fields.iter().filter(|field| names.contains(field.name)).collect()
    }

    /// Asks for one row with every field there is, each twice: as itself and under an alias. `None` where the
    /// schema has no way to ask for any row.
    pub async fn node(&self, kind: Kind, row: &str) -> Option<Reply> {
        if !self.roots.contains("node") {
            return None;
        }
        let below = self.types.contains_key(&kind).then(|| format!("... on {} {{ {} }}", kind.name(), self.all(kind)));
        let query = format!("query($id: ID!) {{ node(id: $id) {{ __typename id {} }} }}", below.unwrap_or_default());
        Some(self.raw(&query, json!({ "id": public(kind, row) })).await)
    }

    /// Every field of a type, and its alias.
    fn all(&self, kind: Kind) -> String {
        let both = |field: &Field| {
            let name = field.name;
            let below = match field.shape {
                Shape::Edge { .. } => "{ id }",
                Shape::Clock { .. } => CLOCK,
                Shape::Readiness(_) => "{ state open overdue dueSoon nextDueOn }",
                Shape::Rota { .. } => {
                    "(from: \"2026-11-22T00:00:00Z\", to: \"2026-11-23T00:00:00Z\") { startsAt endsAt }"
                }
                Shape::Connection { .. } => {
                    "(first: 100) { totalCount nodes { id } edges { node { id } } pageInfo { hasNextPage } }"
                }
                _ => "",
            };
            format!("{name} {below} {}: {name} {below}", alias(name))
        };
        self.fields(kind).into_iter().map(both).collect::<Vec<_>>().join(" ")
    }

    /// The rows that a list shows, page by page, each as `id` and what is `picked`, with the sum of the counts. The
    /// children have no list of their own: theirs are the lists of all parents.
    pub async fn list(&self, kind: Kind, arguments: &str, picked: &str) -> (Vec<Value>, u64) {
        let (mut rows, mut count, mut after) = (Vec::new(), 0, Value::Null);
        let many = root(kind.parent().unwrap_or(kind));
        let of = |arguments: &str| {
            format!("first: 100, after: $after{}{arguments}", if arguments.is_empty() { "" } else { ", " })
        };
        let page = "pageInfo { hasNextPage endCursor }";
        let query = match below(kind) {
            None => format!(
                "query($after: String) {{ list: {many}({}) {{ totalCount nodes {{ id {picked} }} {page} }} }}",
                of(arguments)
            ),
            Some(child) => {
                let comma = if arguments.is_empty() { "" } else { ", " };
                format!(
                    "query($after: String) {{ list: {many}({}) {{ nodes {{ of: {child}(first: 100{comma}{arguments}) {{ totalCount nodes {{ id {picked} }} }} }} {page} }} }}",
                    of("")
                )
            }
        };
        loop {
            let reply = self.raw(&query, json!({ "after": after })).await;
            let list = &reply.data()["list"];
            match below(kind) {
                None => {
                    count = list["totalCount"].as_u64().expect("a count");
                    rows.extend(list["nodes"].as_array().expect("rows").iter().cloned());
                }
                Some(_) => {
                    for concern in list["nodes"].as_array().expect("rows") {
                        count += concern["of"]["totalCount"].as_u64().expect("a count");
                        rows.extend(concern["of"]["nodes"].as_array().expect("rows").iter().cloned());
                    }
                }
            }
            if list["pageInfo"]["hasNextPage"] != true {
                return (rows, count);
            }
            after = list["pageInfo"]["endCursor"].clone();
        }
    }
}

/// The root that lists a type.
fn root(kind: Kind) -> &'static str {
    let lists = |shape: RootShape| matches!(shape, RootShape::Many { kind: of } if of == kind);
    ROOTS.iter().find(|root| lists(root.shape)).expect("a root").name
}

/// The field of its parent that lists a child.
const fn below(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Entry | Kind::IncidentEntry => Some("entries"),
        Kind::Referral => Some("referrals"),
        Kind::Share => Some("shares"),
        Kind::Evidence => Some("evidence"),
        Kind::Acknowledgement => Some("acknowledgements"),
        Kind::MissionChange => Some("changes"),
        Kind::Venue => Some("venues"),
        Kind::Leg => Some("legs"),
        Kind::Delegate => Some("delegation"),
        Kind::PortCourtesy => Some("portCourtesies"),
        Kind::WeaponsNotice => Some("weaponsNotices"),
        Kind::VisitConflict => Some("conflicts"),
        Kind::AdvanceNote => Some("advanceNotes"),
        Kind::Assignment => Some("assignments"),
        Kind::Shift => Some("shifts"),
        Kind::Tour => Some("tours"),
        Kind::PostProgramme => Some("programmes"),
        Kind::ProgrammeReview => Some("reviews"),
        Kind::Finding => Some("findings"),
        Kind::Advice => Some("advice"),
        _ => None,
    }
}

/// The id as a client sees it.
pub fn public(kind: Kind, row: &str) -> String {
    format!("{}_{row}", model::definition(kind).prefix)
}

/// The row of an object `{id}`.
pub fn row_of(object: &Value) -> Option<String> {
    object["id"].as_str().and_then(|id| id.rsplit_once('_')).map(|(_, row)| row.to_owned())
}

/// The alias under which every field is asked a second time.
pub fn alias(field: &str) -> String {
    format!("again_{field}")
}

fn field_names(fields: &Value) -> BTreeSet<String> {
    fields.as_array().into_iter().flatten().filter_map(|field| field["name"].as_str()).map(str::to_owned).collect()
}
