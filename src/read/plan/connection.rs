//! A page of rows as a Relay connection: edges, nodes, `pageInfo`, `totalCount`, each only when asked.

use super::{
    Arguments, Planner, all,
    columns::Columns,
    merge,
    object::Row,
    order::Order,
    rows::{Hung, Rows},
};
use crate::{
    access::Kind,
    error::{Code, Error, Result},
    model::definition,
    read::{
        bind::LARGEST_PAGE,
        collect::Picked,
        dialect::quoted,
        sql::{Bind, BindType, Source},
        value::{Arg, Value},
    },
};

/// Rows of a page when neither `first` nor `last` is given.
const DEFAULT_PAGE: i64 = 20;

/// The page that was asked for.
pub(super) struct Page<'g> {
    /// Rows: a parameter, or a number.
    pub(super) size: String,
    /// The parameter's recipe.
    pub(super) longest: Option<Bind>,
    /// Counted from the end.
    pub(super) backward: bool,
    /// A bound on the side the page starts from, and its argument.
    pub(super) from: Option<(&'g Arg, &'static str)>,
    /// A bound on the other side.
    pub(super) to: Option<(&'g Arg, &'static str)>,
    /// Whether its rows are numbered and one more is read, for `pageInfo`.
    pub(super) numbered: bool,
}

/// Whether there is an index for an order: for the type's own, and for those it names.
fn has_index(kind: Kind, order: Option<&Arg>) -> bool {
    let keys = order.map(Arg::items).unwrap_or_default();
    match keys.as_slice() {
        [] => true,
        [one] => one.as_enum().is_some_and(|name| definition(kind).indexed_orders.contains(&name)),
        _ => false,
    }
}

impl<'a> Planner<'a> {
    /// The visible rows of a type that hang on what they are to hang on, as a connection.
    pub(super) fn connection(
        &mut self,
        kind: Kind,
        hung: &Hung<'_>,
        arguments: &Arguments,
        field: &Picked<'a>,
    ) -> Result<String> {
        let picked = self.below(field, &[&format!("{}Connection", kind.name())])?;
        let page = self.page(arguments)?;
        let order = Order::of(kind, arguments.get("orderBy"), page.backward)?;
        let filter = arguments.get("filter");
        // Where the order has an index, who sees nearly all walks it instead of gathering all there is.
        let walked = has_index(kind, arguments.get("orderBy")) && self.gate.is_wide(kind);
        let rows = Rows { kind, hung, filter, walked };

        let mut row = Row::new(kind, self.alias());
        let mut fields = Vec::with_capacity(picked.len());
        let mut paged = false;
        let page = Page { numbered: picked.iter().any(|field| field.name == "pageInfo"), ..page };
        for field in &picked {
            let value = match field.name {
                "__typename" => self.dialect.constant(&format!("{}Connection", kind.name())),
                "totalCount" => {
                    self.cost.row();
                    self.count(&rows)?
                }
                // What is told twice is written twice.
                "edges" => {
                    paged = true;
                    let around = self.enter_list();
                    let edges = self.edges(&mut row, &page, &order, field)?;
                    self.leave_list(around, page.longest.clone());
                    edges
                }
                "nodes" => {
                    paged = true;
                    let around = self.enter_list();
                    let picked = self.below(field, &[kind.name(), "Node"])?;
                    let object = self.object(&mut row, &picked)?;
                    self.leave_list(around, page.longest.clone());
                    self.in_page(&row.alias, &page, &order, &object)
                }
                "pageInfo" => {
                    let behind = |planner: &mut Self| planner.behind(&page, &order, &rows);
                    let (object, reads) = self.page_info(&row.alias, &page, &order, &behind, field)?;
                    paged |= reads;
                    self.page_is_read(&page, reads);
                    object
                }
                name => {
                    return Err(Error::new(
                        Code::GraphqlValidationFailed,
                        format!("type {}Connection has no field \"{name}\"", kind.name()),
                    ));
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        if !paged {
            // A wrong cursor is wrong whatever is selected: its position is opened though nothing compares with it.
            self.open_cursors(&page, &order);
            return Ok(format!("(select {object})"));
        }
        let source = self.source(&row, (&page, &order), &rows, &object)?;
        Ok(format!("(select {object} from {source})"))
    }

    /// Counts a page that is read to tell where it ends.
    pub(super) fn page_is_read(&mut self, page: &Page<'_>, reads: bool) {
        let around = self.enter_list();
        self.leave_list(around, page.longest.clone().filter(|_| reads));
    }

    /// Opens the cursors of a page that is not read.
    pub(super) fn open_cursors(&mut self, page: &Page<'_>, order: &Order) {
        for (cursor, argument) in page.from.into_iter().chain(page.to) {
            self.position(order, cursor, argument);
        }
    }

    pub(super) fn page<'g>(&mut self, arguments: &'g Arguments) -> Result<Page<'g>> {
        let (first, last) = (arguments.get("first"), arguments.get("last"));
        if first.is_some() && last.is_some() {
            return Err(Error::input("first, last: expected one of them, not both"));
        }
        let default = Arg::Fixed(Value::Int(DEFAULT_PAGE));
        let name = if last.is_some() { "last" } else { "first" };
        let longest = Bind { source: first.or(last).unwrap_or(&default).source(), ty: BindType::PageSize(name) };
        let size = self.binds.add(longest.source.clone(), longest.ty);
        let after = arguments.get("after").map(|cursor| (cursor, "after"));
        let before = arguments.get("before").map(|cursor| (cursor, "before"));
        let backward = last.is_some();
        let (from, to) = if backward { (before, after) } else { (after, before) };
        Ok(Page { size, longest: Some(longest), backward, from, to, numbered: false })
    }

    /// The rows of the page under the row's alias, as far as `object` names their columns. Numbered ones are numbered from
    /// the side they are counted from, one more than asked, so that it is known whether there are further ones.
    pub(super) fn source(
        &mut self,
        row: &Row,
        (page, order): (&Page<'_>, &Order),
        rows: &Rows<'_>,
        object: &str,
    ) -> Result<String> {
        let table = definition(row.kind).table;
        let inner = self.alias();
        if let Some(merged) = self.first_of_page(rows, page, order, row.packed)? {
            let (base, first) = (self.alias(), self.alias());
            let keys = merge::KEYS.map(|key| format!("{first}.{key}"));
            // A board's order has a key more: whether anything is owed.
            let keys = ["0".to_owned()].into_iter().filter(|_| rows.hung.is_board).chain(keys);
            let mut carried: Vec<String> =
                keys.zip(order.columns()).map(|(key, column)| format!("{key} as {column}")).collect();
            let tiers = if rows.hung.is_board {
                self.missing_tiers(row, &inner)
            } else {
                carried.push(format!("{first}.tiers"));
                String::new()
            };
            let columns = Columns::named(&row.alias, &[object]).and(&inner, &[&tiers]).select(&base, &carried);
            let found =
                format!("select {columns} from {merged} {first} join {table} {base} on {base}.id = {first}.row_id");
            return Ok(self.numbered(row, (page, order), (&inner, &tiers), &found));
        }
        let base = self.alias();
        let looked_at = if row.tiers_used { self.looked_at(rows, &base, row.packed)? } else { None };
        let children = if row.kind.parent().is_some() { Some(self.children(rows, &base)?) } else { None };
        let known = match (&looked_at, &children) {
            (Some(looked_at), _) => Some(looked_at.tiers.clone()),
            (None, children) => children.as_ref().map(|_| format!("{base}.tiers")),
        };
        let keys = self.order_keys(row.kind, order, &base, known.as_deref());
        let mut conditions = match (&looked_at, &children) {
            (Some(looked_at), _) => looked_at.conditions.clone(),
            (None, Some(children)) => children.conditions.clone(),
            (None, None) => self.conditions(rows, &base, rows.walked)?,
        };
        conditions.extend(self.between(page, order, &keys));
        let carried = keys.iter().zip(order.columns()).map(|(key, column)| format!("{key} as {column}"));
        let mut carried: Vec<String> = carried.collect();
        let tiers = match known {
            Some(known) => {
                carried.push(format!("{known} as tiers"));
                String::new()
            }
            None => self.missing_tiers(row, &inner),
        };
        let columns = Columns::named(&row.alias, &[object]).and(&inner, &[&tiers]);
        let (selected, which, by) = (columns.select(&base, &carried), all(&conditions), order.by(&keys));
        let from = match (looked_at, children) {
            (Some(looked_at), _) => looked_at.from,
            (None, Some(children)) => children.handing_on(&Columns::named(&base, &[&selected, &which, &by]), &base),
            (None, None) => format!("{table} {base}"),
        };
        // Never a bare parameter: SQLite looks into it when it plans, and so plans again at each new binding.
        let limit = format!("{} + {}", page.size, u8::from(page.numbered));
        let again: Vec<String> = order.columns().iter().map(|column| format!("l.{column}")).collect();
        let most = page.longest.is_some().then_some(LARGEST_PAGE + 1);
        let found = format!("select {selected} from {from}{which} order by {by}");
        let found = self.dialect.first_rows(&found, &order.by(&again), &limit, most);
        Ok(self.numbered(row, (page, order), (&inner, &tiers), &found))
    }

    /// The tiers of rows under an alias that were found without, as one more column, where they are needed.
    fn missing_tiers(&mut self, row: &Row, inner: &str) -> String {
        if row.tiers_used {
            format!(", {} as tiers", self.tiers_of(row.kind, inner, row.packed))
        } else {
            String::new()
        }
    }

    /// The rows of a page under the row's alias, with a column of their tiers and with numbers where they are needed.
    fn numbered(
        &self,
        row: &Row,
        (page, order): (&Page<'_>, &Order),
        (inner, tiers): (&str, &str),
        found: &str,
    ) -> String {
        if !page.numbered && tiers.is_empty() {
            return format!("({found}) {}", row.alias);
        }
        let numbers = numbers(page, order, inner);
        // The fence keeps the tiers of a row computed once.
        let fence = if page.numbered { "" } else { self.dialect.fence() };
        format!("(select {inner}.*{numbers}{tiers} from ({found}) {inner} {fence}) {}", row.alias)
    }

    /// The conditions of a page's cursors on the keys' expressions.
    pub(super) fn between(&mut self, page: &Page<'_>, order: &Order, keys: &[String]) -> Vec<String> {
        let mut conditions = Vec::new();
        if let Some((cursor, argument)) = page.from {
            conditions.push(self.after(order, keys, cursor, argument));
        }
        if let Some((cursor, argument)) = page.to {
            let after = self.after(order, keys, cursor, argument);
            let at = self.at(order, keys, cursor, argument);
            conditions.push(format!("not ({after} or {at})"));
        }
        conditions
    }

    fn edges(&mut self, row: &mut Row, page: &Page<'_>, order: &Order, field: &Picked<'a>) -> Result<String> {
        let name = format!("{}Edge", row.kind.name());
        let mut fields = Vec::new();
        for field in self.below(field, &[&name])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&name),
                "cursor" => self.cursor(&row.alias, order),
                "node" => {
                    let picked = self.below(&field, &[row.kind.name(), "Node"])?;
                    self.object(row, &picked)?
                }
                other => {
                    return Err(Error::new(
                        Code::GraphqlValidationFailed,
                        format!("type {name} has no field \"{other}\""),
                    ));
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        Ok(self.in_page(&row.alias, page, order, &object))
    }

    /// One expression for each row of the page, in the order asked.
    pub(super) fn in_page(&self, alias: &str, page: &Page<'_>, order: &Order, expression: &str) -> String {
        let (order, only) = if page.numbered {
            (format!("{alias}.rn{}", if page.backward { " desc" } else { "" }), format!("{alias}.rn <= {}", page.size))
        } else {
            let carried: Vec<String> = order.columns().iter().map(|column| format!("{alias}.{column}")).collect();
            (order.as_asked(page.backward).by(&carried), "1 = 1".to_owned())
        };
        self.dialect.json(&self.dialect.list(expression, &order, &only))
    }

    /// A marked position, sealed on its way out.
    pub(super) fn cursor(&mut self, alias: &str, order: &Order) -> String {
        let number = self.cursors.iter().position(|spec| *spec == order.spec).unwrap_or_else(|| {
            self.cursors.push(order.spec.clone());
            self.cursors.len() - 1
        });
        let nonce = self.binds.add(Source::Nonce, BindType::Text);
        let keys: Vec<String> = order.columns().iter().map(|column| format!("{alias}.{column}")).collect();
        let position = self.dialect.array_text(&keys);
        format!("{nonce} || {} || {position} || {nonce}", quoted(&format!("{number:02x}")))
    }

    /// The object, and whether it is made of the page's rows: what is not does not make a statement over them.
    /// `behind` writes whether there are rows on the side where the page starts.
    pub(super) fn page_info(
        &mut self,
        alias: &str,
        page: &Page<'_>,
        order: &Order,
        behind: &dyn Fn(&mut Self) -> Result<String>,
        field: &Picked<'a>,
    ) -> Result<(String, bool)> {
        let size = &page.size;
        let near = format!("{alias}.rn = 1 and {size} > 0");
        let far = format!("{alias}.rn = case when {alias}.cnt > {size} then {size} else {alias}.cnt end");
        let (start, end) = if page.backward { (&far, &near) } else { (&near, &far) };
        let mut fields = Vec::new();
        let mut reads = false;
        for field in self.below(field, &["PageInfo"])? {
            let ahead = if page.backward { "hasPreviousPage" } else { "hasNextPage" };
            reads |= field.name == ahead || matches!(field.name, "startCursor" | "endCursor");
            let value = match field.name {
                "__typename" => self.dialect.constant("PageInfo"),
                "startCursor" => format!("max(case when {start} then {} end)", self.cursor(alias, order)),
                "endCursor" => format!("max(case when {end} then {} end)", self.cursor(alias, order)),
                name if name == ahead => self.dialect.boolean(&format!("coalesce(max({alias}.cnt), 0) > {size}")),
                "hasNextPage" | "hasPreviousPage" => {
                    self.cost.row();
                    let behind = behind(self)?;
                    self.dialect.boolean(&behind)
                }
                name => {
                    return Err(Error::new(
                        Code::GraphqlValidationFailed,
                        format!("type PageInfo has no field \"{name}\""),
                    ));
                }
            };
            fields.push((field.key.to_owned(), value));
        }
        let object = self.dialect.object(&fields);
        Ok((self.dialect.json(&object), reads))
    }
}

/// Columns of a numbered page: the place of each row of an alias, and how many there are.
fn numbers(page: &Page<'_>, order: &Order, alias: &str) -> String {
    if !page.numbered {
        return String::new();
    }
    let carried: Vec<String> = order.columns().iter().map(|column| format!("{alias}.{column}")).collect();
    format!(", row_number() over (order by {}) as rn, count(*) over () as cnt", order.by(&carried))
}
