//! Rows that words find.
//!
//! The table of words has a line for each set of tiers that a reader may have open in a row, with the words of exactly
//! what those open: of a row's lines, the one counts whose set is the reader's. So words of an unreadable field find
//! nothing, words of several readable fields find the row together, and no row is found twice.

use std::fmt::Write as _;

use super::{Arguments, Planner, all, columns::Columns, connection::Page, order::Order};
use crate::{
    access::{Kind, Tier, Tiers},
    error::{Code, Error, Result},
    model::{definition, view::found_name},
    read::{collect::Picked, sql::BindType, value::Arg},
};

/// What was found: the name under which the statement has the rows, and their types.
pub(super) struct Found {
    /// The name under which the statement has the lines with the words, where words were looked for.
    pub(super) hits: Option<String>,
    /// The name under which it has the rows: `id`, `at`, `kind`.
    pub(super) name: String,
    /// Their types.
    pub(super) kinds: Vec<Kind>,
    /// The name of the GraphQL union.
    pub(super) union: &'static str,
    /// The types of the union, whichever are asked for.
    pub(super) possible: Vec<Kind>,
    /// The WITH clause that makes them.
    pub(super) with: String,
}

impl<'a> Planner<'a> {
    /// The page of what `text` finds.
    pub(super) fn search(&mut self, arguments: &Arguments, field: &Picked<'a>) -> Result<String> {
        let text = arguments.get("text").ok_or_else(|| Error::input("text: expected words"))?;
        let words = self.binds.add(text.source(), BindType::Words("text"));
        let possible = self.view.found.clone();
        let (hits, name, kinds) = (self.alias(), self.alias(), Self::asked_kinds(arguments, &possible, "SearchType")?);
        let with = self.with_found(&hits, &name, &kinds, &words);
        let found = Found { hits: Some(hits), name, kinds, union: "SearchResult", possible, with };
        self.found_connection(&found, "SearchResult(at:Desc)", arguments, field)
    }

    /// The page of what was found, newest first.
    pub(super) fn found_connection(
        &mut self,
        found: &Found,
        order: &'static str,
        arguments: &Arguments,
        field: &Picked<'a>,
    ) -> Result<String> {
        self.tells_of(
            found.kinds.iter().copied().filter(|kind| found.hits.is_none() || definition(*kind).dated().is_some()),
        );
        let connection = format!("{}Connection", found.union);
        let picked = self.below(field, &[&connection])?;
        let page = self.page(arguments)?;
        let page = Page { numbered: picked.iter().any(|field| field.name == "pageInfo"), ..page };
        let order = Order::newest(order, page.backward);

        let row = self.alias();
        let mut fields = Vec::with_capacity(picked.len());
        let mut paged = false;
        for field in &picked {
            let value = match field.name {
                "__typename" => self.dialect.constant(&connection),
                "totalCount" => {
                    self.cost.row();
                    format!("(select count(*) from {})", found.name)
                }
                "edges" => {
                    paged = true;
                    let around = self.enter_list();
                    let edges = self.found_edges(found, &row, &page, &order, field)?;
                    self.leave_list(around, page.longest.clone());
                    edges
                }
                "nodes" => {
                    paged = true;
                    let around = self.enter_list();
                    let object = self.found_object(found, &row, field)?;
                    self.leave_list(around, page.longest.clone());
                    self.in_page(&row, &page, &order, &object)
                }
                "pageInfo" => {
                    let behind = |planner: &mut Self| Ok(planner.found_behind(found, &page, &order));
                    let (object, reads) = self.page_info(&row, &page, &order, &behind, field)?;
                    paged |= reads;
                    self.page_is_read(&page, reads);
                    object
                }
                name => return Err(unknown(&connection, name)),
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        let source = if paged {
            format!(" from {}", self.found_page(found, &row, &page, &order))
        } else {
            self.open_cursors(&page, &order);
            String::new()
        };
        Ok(format!("({} select {object}{source})", found.with))
    }

    /// For an argument of a type's list that finds rows by their words: the rows, as a set of ids.
    pub(super) fn found_by(&mut self, kind: Kind, arguments: &Arguments) -> Option<String> {
        let field = self.view.found_by(kind)?;
        let text = arguments.get(field.name)?;
        let words = self.binds.add(text.source(), BindType::Words(field.name));
        let line = self.alias();
        // The sign keeps SQLite from going through all lines of the type instead of those with the words.
        let lines = format!(
            "select {line}.row_id, {line}.tiers, {line}.at from {} and +{line}.kind = {}",
            self.dialect.lines_with(&line, &words),
            kind.code(),
        );
        let found = self.alias();
        let readable = self.is_readable(kind, &found);
        Some(format!("select {found}.row_id from ({lines}) {found} where {readable}"))
    }

    /// The types to look in: all that there may be, or those asked of them.
    pub(super) fn asked_kinds(arguments: &Arguments, possible: &[Kind], of: &str) -> Result<Vec<Kind>> {
        let Some(types) = arguments.get("types") else { return Ok(possible.to_vec()) };
        let types = types.items();
        let asked: Vec<&str> = types.iter().filter_map(Arg::as_enum).collect();
        if asked.len() != types.len() {
            return Err(Error::input(format!("types: expected values of {of}")));
        }
        let is_asked = |kind: &Kind| asked.contains(&found_name(*kind).as_str());
        Ok(possible.iter().copied().filter(is_asked).collect())
    }

    /// The lines that hold the words, looked up once; then of each type, the rows in which the reader's line is one of
    /// them. Both may be read several times: for the page, the count, and what lies before the page.
    fn with_found(&mut self, hits: &str, name: &str, found: &[Kind], words: &str) -> String {
        let line = self.alias();
        let lines = self.dialect.lines_with(&line, words);
        let kinds = |of: &str| {
            let codes: Vec<String> = found.iter().map(|kind| kind.code().to_string()).collect();
            // The sign keeps SQLite from going through all lines of the types instead of those with the words.
            format!("+{of}.kind in ({})", if codes.is_empty() { "0".to_owned() } else { codes.join(",") })
        };
        let hit = self.alias();
        let readable = self.is_one_readable(found, &hit);
        format!(
            "with {hits} as materialized (select {line}.kind, {line}.row_id, {line}.tiers, {line}.at from {lines} and {}), {} as materialized (select {hit}.row_id as id, {hit}.at, {hit}.kind from {hits} {hit} where {readable})",
            kinds(&line),
            name,
        )
    }

    /// Whether the line under an alias, of one of the types, is the reader's own of a row that is visible.
    fn is_one_readable(&mut self, found: &[Kind], line: &str) -> String {
        let mut cases = String::new();
        for kind in found {
            let readable = self.is_readable(*kind, line);
            let _ = write!(cases, " when {} then {readable}", kind.code());
        }
        if cases.is_empty() { "1 = 0".to_owned() } else { format!("case {line}.kind{cases} end") }
    }

    /// Whether the line under an alias (`row_id`, `tiers`), of a type, is the reader's own of a row that is visible.
    fn is_readable(&mut self, kind: Kind, line: &str) -> String {
        let (row, gated) = (self.alias(), self.alias());
        let ty = definition(kind);
        let tiers = self.gate.tiers(kind, &row, &mut self.binds);
        let searched = ty.searched_tiers();
        if kind.parent().is_none() && Columns::named(&row, &[&tiers]).are(&["id"]) {
            // What shows the row and what is searched of it at once; the row itself is not needed.
            let tiers = tiers.replace(&format!("{row}.id"), &format!("{line}.row_id"));
            let (both, shown) = (searched | Tiers::of(Tier::D), Tier::D.bit());
            return format!("({tiers} & {}) = ({line}.tiers | {shown})", both.bits());
        }
        // The fence keeps the tiers of a row computed once.
        let rows = format!(
            "select {row}.id, {tiers} as tiers from {} {row} where {row}.id = {line}.row_id {}",
            ty.table,
            self.dialect.fence(),
        );
        let open = format!("{gated}.tiers");
        let visible = if kind.parent().is_some() {
            self.gate.audience(&gated, &open, &mut self.binds)
        } else {
            format!("({open} & {}) <> 0", Tier::D.bit())
        };
        let conditions = [visible, format!("{line}.tiers = ({open} & {})", searched.bits())];
        format!("exists (select 1 from ({rows}) {gated}{})", all(&conditions))
    }

    /// Where the scope sees nearly all that words find, lines are looked at in the order of the page until it is full.
    /// Where it does not, all are: how many rows are hidden is not to be read off how soon there is an answer.
    fn walked_lines(&self, found: &Found) -> Option<String> {
        found.hits.clone().filter(|_| found.kinds.iter().all(|kind| self.gate.is_open(*kind)))
    }

    /// What a page is read from: rows (`at`, `row_id`, `kind`) under an alias that fulfil the conditions, in an order.
    fn found_in_order(&mut self, found: &Found, hit: &str, conditions: &[String], by: &str) -> String {
        let Some(hits) = self.walked_lines(found) else {
            return format!(
                "(select f.id as row_id, f.at, f.kind from {} f) {hit}{} order by {by}",
                found.name,
                all(conditions)
            );
        };
        let readable = self.is_one_readable(&found.kinds, hit);
        let lines = format!("select * from {hits} {hit}{} order by {by} {}", all(conditions), self.dialect.fence());
        format!("({lines}) {hit} where {readable}{}", self.dialect.still_by(by))
    }

    /// The rows of the page under an alias, numbered as those of any connection are.
    fn found_page(&mut self, found: &Found, row: &str, page: &Page<'_>, order: &Order) -> String {
        let (base, inner) = (self.alias(), self.alias());
        let keys = [format!("{base}.at"), format!("{base}.row_id")];
        let columns = order.columns();
        let carried: Vec<String> = keys.iter().zip(&columns).map(|(key, name)| format!("{key} as {name}")).collect();
        let conditions = self.between(page, order, &keys);
        let rows = format!(
            "select {base}.row_id as id, {base}.kind, {} from {} limit {} + {}",
            carried.join(", "),
            self.found_in_order(found, &base, &conditions, &order.by(&keys)),
            page.size,
            u8::from(page.numbered),
        );
        if !page.numbered {
            return format!("({rows}) {row}");
        }
        let carried: Vec<String> = columns.iter().map(|column| format!("{inner}.{column}")).collect();
        format!(
            "(select {inner}.*, row_number() over (order by {}) as rn, count(*) over () as cnt from ({rows}) {inner}) {row}",
            order.by(&carried)
        )
    }

    /// Whether anything was found at or before the cursor where the page starts.
    fn found_behind(&mut self, found: &Found, page: &Page<'_>, order: &Order) -> String {
        let Some((cursor, argument)) = page.from else { return "1 = 0".to_owned() };
        let base = self.alias();
        let keys = [format!("{base}.at"), format!("{base}.row_id")];
        let until = [format!("not ({})", self.after(order, &keys, cursor, argument))];
        let found = self.found_in_order(found, &base, &until, &order.by(&keys));
        format!("exists (select 1 from {found} limit 1)")
    }

    fn found_edges(
        &mut self,
        found: &Found,
        row: &str,
        page: &Page<'_>,
        order: &Order,
        field: &Picked<'a>,
    ) -> Result<String> {
        let mut fields = Vec::new();
        let edge = format!("{}Edge", found.union);
        for field in self.below(field, &[&edge])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&edge),
                "cursor" => self.cursor(row, order),
                "node" => self.found_object(found, row, &field)?,
                name => return Err(unknown(&edge, name)),
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        Ok(self.in_page(row, page, order, &object))
    }

    /// The row under an alias (`id`, `kind`) as an object of its type.
    fn found_object(&mut self, found: &Found, row: &str, field: &Picked<'a>) -> Result<String> {
        let mut cases = String::new();
        // A selection that is wrong is wrong whatever types were asked.
        for kind in &found.possible {
            let picked = self.below(field, &[kind.name(), "Node", found.union])?;
            if found.kinds.contains(kind) {
                let object = self.one_of(*kind, |_, alias| format!("{alias}.id = {row}.id"), &picked)?;
                let _ = write!(cases, " when {} then {object}", kind.code());
            }
        }
        if cases.is_empty() {
            return Ok(self.dialect.json_null().to_owned());
        }
        Ok(self.dialect.json(&format!("case {row}.kind{cases} end")))
    }
}

fn unknown(ty: &str, name: &str) -> Error {
    Error::new(Code::GraphqlValidationFailed, format!("type {ty} has no field \"{name}\""))
}
