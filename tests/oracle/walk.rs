//! A list walked to its end, forwards and backwards, by pages of several sizes.

use serde_json::{Map, Value, json};

use crate::{
    answer::{Oracle, public},
    question::{List, Question},
    support::app::App,
};

/// The smallest, two, seven, the largest.
const SIZES: [usize; 4] = [1, 2, 7, 100];

/// Walks the list that a question is about; how many pages there were.
pub async fn to_both_ends(app: &App, oracle: &Oracle<'_>, question: &Question) -> Result<usize, String> {
    let Question::List(root, list) = question else { return Ok(0) };
    let rows = oracle.listed(list.kind, list.rows(oracle), list.filter.as_ref(), &list.order);
    let right: Vec<String> = rows.into_iter().map(|row| public(list.kind, row)).collect();
    let mut pages = 0;
    for size in SIZES {
        // What is due is walked forwards: `before` is a day there.
        for backward in [false, true].into_iter().take(if list.before.is_some() { 1 } else { 2 }) {
            pages += walk(app, oracle, root, list, &right, (size, backward)).await?;
        }
    }
    Ok(pages)
}

async fn walk(
    app: &App,
    oracle: &Oracle<'_>,
    root: &str,
    list: &List,
    right: &[String],
    (size, backward): (usize, bool),
) -> Result<usize, String> {
    let (way, from, more, behind, edge) = if backward {
        ("last", "before", "hasPreviousPage", "hasNextPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "hasPreviousPage", "endCursor")
    };
    let mut variables = Map::new();
    let arguments = list.arguments(&mut variables);
    let filter = variables.keys().map(|name| format!(", ${name}: {}Filter", list.kind.name())).collect::<String>();
    let query = format!(
        "query W($from: String{filter}) {{ {root}({way}: {size}, {from}: $from{arguments}) {{ totalCount edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let (mut walked, mut pages, mut cursor): (Vec<String>, _, _) = (Vec::new(), 0, Value::Null);
    loop {
        variables.insert("from".to_owned(), cursor.clone());
        let reply = app.ask(&oracle.asker.who, &query, Value::Object(variables.clone())).await;
        let wrong = |what: &str| {
            Err(format!(
                "{what}\n{:?}\n{query}\n{}\nserver: {}\noracle: {right:?}",
                oracle.asker.who,
                Value::Object(variables.clone()),
                reply.text
            ))
        };
        let page = &reply.json["data"][root];
        let Some(edges) = page["edges"].as_array() else { return wrong("no page") };
        let ids: Vec<String> = edges.iter().filter_map(|edge| edge["node"]["id"].as_str()).map(str::to_owned).collect();
        if backward {
            walked.splice(0..0, ids);
        } else {
            walked.extend(ids);
        }
        let info = &page["pageInfo"];
        let left = right.len() - walked.len().min(right.len());
        if page["totalCount"] != right.len() || info[more] != (left > 0) || info[behind] != (pages > 0) {
            return wrong("the numbers are wrong");
        }
        let ends = (edges.first().map(|edge| &edge["cursor"]), edges.last().map(|edge| &edge["cursor"]));
        if (ends.0.unwrap_or(&Value::Null), ends.1.unwrap_or(&Value::Null))
            != (&info["startCursor"], &info["endCursor"])
        {
            return wrong("the cursors are not those of the page's ends");
        }
        pages += 1;
        if info[more] != json!(true) {
            break if walked == right { Ok(pages) } else { wrong("other rows, or in another order") };
        }
        if pages > right.len() {
            return wrong("it does not end");
        }
        cursor = info[edge].clone();
    }
}
