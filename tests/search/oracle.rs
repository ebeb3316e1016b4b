//! Search against a loop: what the graph shows of every row, word by word.
//!
//! The rows are filled with words whose plain forms are written here by hand, so that the loop folds nothing by the
//! server's means. What a row shows is read through the graph: so whatever search finds beyond it is a leak.
//!
//! `QUESTIONS` says how many are asked for each principal, `SEED` with which seed; a failure prints the seed.

use std::collections::BTreeMap;

use chancery::{
    access::Kind,
    model::{definition, kit::Search, view::View},
    store::Engine,
};
use proptest::{
    prelude::Rng as _,
    test_runner::{RngAlgorithm, TestRng},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    QUESTION, find, ids,
    support::{
        abroad::POSTS,
        app::{App, Who},
        papers::ADVISORIES,
        small_world::{self, CONCERNS, MISSIONS, everybody, french_colleague, row},
    },
};

/// Questions asked for each principal unless the environment says otherwise.
const QUESTIONS: usize = 25;

/// Words: how each is written, and what it is plainly.
const VOCABULARY: &[(&[&str], &str)] = &[
    (&["Élysée", "ELYSEE", "e\u{301}lysée"], "elysee"),
    (&["Straße", "STRASSE", "STRAẞE"], "strasse"),
    (&["İstanbul", "istanbul", "ISTANBUL"], "istanbul"),
    (&["Ｆｒａｎｃｅ", "france"], "france"),
    (&["Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"], "οδυσσευσ"),
    (&["محمد", "مُحَمَّد"], "محمد"),
    (&["馆"], "馆"),
    (&["threat", "Threat"], "threat"),
    (&["threads"], "threads"),
    (&["AND"], "and"),
    (&["or"], "or"),
    (&["near"], "near"),
    (&["12"], "12"),
    (&["bomb"], "bomb"),
];

struct Dice(TestRng);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut bytes = [3; 16];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.next_u32()).expect("small") % bound
    }

    /// A word as it is written, and plainly.
    fn word(&mut self) -> (&'static str, &'static str) {
        let (spellings, plain) = VOCABULARY[self.below(VOCABULARY.len())];
        (spellings[self.below(spellings.len())], plain)
    }

    fn text(&mut self) -> String {
        let glue = [" ", ", ", " \"", "' ", " & ", "-", "\n"];
        let mut text = String::new();
        for _ in 0..=self.below(3) {
            text.push_str(self.word().0);
            text.push_str(glue[self.below(glue.len())]);
        }
        text
    }
}

/// A type, its list, and what hangs on its rows.
type List = (Kind, &'static str, &'static [(Kind, &'static str)]);

/// The types that are searched here, and how they are listed.
const LISTS: [List; 7] = [
    (Kind::Mission, "missions", &[]),
    (Kind::Agency, "agencies", &[]),
    (Kind::SecurityContact, "securityContacts", &[]),
    (Kind::Concern, "concerns", &[(Kind::Entry, "entries")]),
    (
        Kind::Post,
        "posts",
        &[
            (Kind::Tour, "tours"),
            (Kind::ProgrammeReview, "reviews"),
            (Kind::Finding, "findings"),
            (Kind::Advice, "advice"),
        ],
    ),
    (Kind::Incident, "incidents", &[(Kind::IncidentEntry, "entries")]),
    (Kind::Advisory, "advisories", &[]),
];

/// A row as a principal is shown it.
#[derive(Debug)]
struct Shown {
    id: String,
    at: String,
    words: Vec<String>,
}

/// What a text of a row is plainly: by the vocabulary, or as it is.
fn plain(text: &str) -> Vec<String> {
    let written = text.split([' ', ',', '"', '\'', '&', '-', '\n']).filter(|word| !word.is_empty());
    written
        .map(|word| {
            let known = VOCABULARY.iter().find(|(spellings, _)| spellings.contains(&word));
            known.map_or_else(|| word.to_ascii_lowercase(), |(_, plain)| (*plain).to_owned())
        })
        .collect()
}

/// The small world with other words in every field that is searched.
async fn app(engine: Engine, seed: u64) -> App {
    let app = small_world::app(engine).await;
    let mut dice = Dice::new(seed);
    let mut sql = String::new();
    let mut set = |table: &str, columns: &[&str], letter: char, number: usize, dice: &mut Dice| {
        let values: Vec<String> =
            columns.iter().map(|column| format!("{column} = '{}'", dice.text().replace('\'', "''"))).collect();
        let id = row(letter, number);
        sql.push_str(&format!("update {table} set {} where id = '{id}';", values.join(", ")));
    };
    for number in 1..=MISSIONS {
        set("mission", &["name", "city"], 'M', number, &mut dice);
        for slot in [number * 2, number * 2 + 1] {
            set("security_contact", &["name", "title"], 'K', slot, &mut dice);
        }
    }
    for number in 1..=5 {
        set("agency", &["name", "short_name"], 'A', number, &mut dice);
    }
    for number in 1..=POSTS {
        set("post", &["name", "city"], 'T', number, &mut dice);
    }
    for number in 1..=ADVISORIES {
        set("advisory", &["headline", "body"], 'B', number, &mut dice);
    }
    for number in 1..=CONCERNS {
        set("concern", &["title", "narrative"], 'N', number, &mut dice);
        for slot in number * 3..number * 3 + 3 {
            set("entry", &["body"], 'E', slot, &mut dice);
        }
    }
    for slot in 2..2 + 2 * POSTS {
        set("tour", &["name"], '9', slot, &mut dice);
        set("programme_review", &["summary"], '0', 500 + slot, &mut dice);
        set("finding", &["body"], '1', slot, &mut dice);
        set("advice", &["subject", "body"], '1', 500 + slot, &mut dice);
        set("incident", &["title", "narrative"], 'Z', slot, &mut dice);
        for entry in [500 + 2 * slot, 501 + 2 * slot] {
            set("incident_entry", &["body"], 'Z', entry, &mut dice);
        }
    }
    small_world::change(&app.db, &sql).await;
    app
}

/// Every row of the types that are searched, as the graph shows it.
async fn shown(app: &App, who: &Who) -> Vec<Shown> {
    let view = View::of(who.role);
    let fields = |kind: Kind| -> BTreeMap<&str, Search> {
        let known = view.ty(kind).map(|ty| ty.fields.iter().map(|field| (field.name, field.search)).collect());
        let known: BTreeMap<&str, Search> = known.unwrap_or_default();
        known.into_iter().filter(|(_, search)| matches!(search, Search::Words | Search::Date)).collect()
    };
    let mut rows = Vec::new();
    for (kind, list, below) in LISTS {
        let asked = fields(kind);
        if asked.is_empty() {
            continue;
        }
        let below: Vec<_> = below.iter().map(|(kind, list)| (*list, fields(*kind))).collect();
        let picked = |fields: &BTreeMap<&str, Search>| fields.keys().copied().collect::<Vec<_>>().join(" ");
        let nested: String = below
            .iter()
            .filter(|(_, fields)| !fields.is_empty())
            .map(|(list, fields)| format!(" {list}(first: 100) {{ nodes {{ id {} }} }}", picked(fields)))
            .collect();
        let query = format!("{{ {list}(first: 100) {{ nodes {{ id {}{nested} }} }} }}", picked(&asked));
        let reply = app.ask(who, &query, json!({})).await;
        for node in reply.data()[list]["nodes"].as_array().expect("nodes") {
            rows.push(row_of(node, &asked));
            for (list, fields) in &below {
                for node in node[*list]["nodes"].as_array().unwrap_or(&Vec::new()) {
                    rows.push(row_of(node, fields));
                }
            }
        }
        assert!(definition(kind).is_found());
    }
    rows
}

fn row_of(node: &Value, fields: &BTreeMap<&str, Search>) -> Shown {
    let mut row = Shown { id: node["id"].as_str().expect("an id").to_owned(), at: String::new(), words: Vec::new() };
    for (name, search) in fields {
        let text = node[name].as_str().unwrap_or_default();
        if *search == Search::Date {
            text.clone_into(&mut row.at);
        } else {
            row.words.extend(plain(text));
        }
    }
    row
}

/// What a question should find: all words, the last as a beginning; newest first, then by row.
fn expected(rows: &[Shown], words: &[String]) -> Vec<String> {
    let (last, whole) = words.split_last().expect("a word");
    let mut found: Vec<(&str, &str, &str)> = rows
        .iter()
        .filter(|row| whole.iter().all(|word| row.words.contains(word)))
        .filter(|row| row.words.iter().any(|word| word.starts_with(last.as_str())))
        .map(|row| (row.at.as_str(), row.id.rsplit_once('_').expect("an id").1, row.id.as_str()))
        .collect();
    found.sort_unstable();
    found.reverse();
    found.into_iter().map(|(_, _, id)| id.to_owned()).collect()
}

#[rstest]
#[tokio::test]
async fn search_finds_what_a_loop_over_the_readable_finds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let number = |name: &str| {
        #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
        std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok())
    };
    let seed = number("SEED").unwrap_or_else(|| u64::from(std::process::id()));
    let questions = number("QUESTIONS").map_or(QUESTIONS, |many| usize::try_from(many).expect("small"));
    let app = app(engine, seed).await;
    let mut dice = Dice::new(seed.wrapping_add(1));
    let (mut asked, mut hits, mut walks) = (0, 0, 0);
    for who in everybody().into_iter().chain([french_colleague()]) {
        let rows = shown(&app, &who).await;
        if View::of(who.role).found.is_empty() {
            assert!(rows.is_empty());
            continue;
        }
        let mut walked = 0;
        for _ in 0..questions {
            let mut picked: Vec<(&str, &str)> = (0..=dice.below(2)).map(|_| dice.word()).collect();
            if dice.below(3) == 0 && picked.iter().all(|(_, word)| word.chars().count() > 1) {
                let word = picked.pop().expect("a word").1;
                let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
                picked.push((&word[..end], &word[..end]));
            }
            let text: Vec<&str> = picked.iter().map(|(written, _)| *written).collect();
            let words: Vec<String> = picked.iter().map(|(_, plain)| (*plain).to_owned()).collect();
            let right = expected(&rows, &words);
            let shown = format!("SEED={seed} {who:?} {text:?}");
            assert!(right.len() <= 100, "the world is small");
            assert_eq!(find(&app, &who, &text.join(" ")).await, right, "{shown}");
            (asked, hits) = (asked + 1, hits + right.len());
            if right.len() > 2 && walked < 3 {
                walked += 1;
                walk(&app, &who, &text.join(" "), &right).await;
            }
        }
        walks += walked;
    }
    assert!(hits > asked, "{hits} rows found by {asked} questions: the words are too rare");
    assert!(walks > 5, "few lists were long enough to be walked");
    eprintln!("{engine:?}: {asked} questions, {hits} rows found, {walks} lists walked, SEED={seed}");
}

/// The pages of a list, from either end and of several sizes, are the list.
async fn walk(app: &App, who: &Who, text: &str, whole: &[String]) {
    for size in [1, 2, 7] {
        for forward in [true, false] {
            let mut seen: Vec<String> = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let variables = if forward {
                    json!({ "text": text, "first": size, "after": cursor })
                } else {
                    json!({ "text": text, "last": size, "before": cursor })
                };
                let reply = app.ask(who, QUESTION, variables).await;
                let page = &reply.data()["search"];
                let found = ids(page);
                assert_eq!(page["totalCount"], whole.len());
                let info = &page["pageInfo"];
                let (ahead, behind, way) = if forward {
                    (&info["hasNextPage"], &info["hasPreviousPage"], "endCursor")
                } else {
                    (&info["hasPreviousPage"], &info["hasNextPage"], "startCursor")
                };
                assert_eq!(behind, !seen.is_empty(), "{text} {size} {forward}");
                if forward {
                    seen.extend(found);
                } else {
                    seen.splice(0..0, found);
                }
                assert_eq!(ahead, seen.len() < whole.len(), "{text} {size} {forward}");
                cursor = info[way].as_str().map(str::to_owned);
                if seen.len() >= whole.len() || ahead == false {
                    break;
                }
            }
            assert_eq!(seen, whole, "{text} in pages of {size}, forwards: {forward}");
        }
    }
}
