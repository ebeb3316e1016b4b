//! A page of rows as a Relay connection: edges, nodes, `pageInfo`, `totalCount`, each only when asked.

use super::{Arguments, Planner, all, object::Row, order::Order};
use crate::{
    access::Kind,
    error::{Code, Error, Result},
    model::{definition, view::View},
    read::{
        collect::Picked,
        dialect::quoted,
        sql::{BindType, Source},
        value::{Arg, Value},
    },
};

/// Rows of a page when neither `first` nor `last` is given.
const DEFAULT_PAGE: i64 = 20;

/// The page that was asked for.
struct Page<'g> {
    /// Rows, as a parameter.
    size: String,
    /// Counted from the end.
    backward: bool,
    /// A bound on the side the page starts from, and its argument.
    from: Option<(&'g Arg, &'static str)>,
    /// A bound on the other side.
    to: Option<(&'g Arg, &'static str)>,
}

impl<'a> Planner<'a> {
    /// The rows of a type that a condition (on their alias) finds and that are visible, as a connection.
    /// `opened` is a condition on the row that the connection hangs on.
    pub(super) fn connection(
        &mut self,
        kind: Kind,
        reached: &dyn Fn(&str) -> String,
        opened: Option<&str>,
        field: &Picked<'a>,
    ) -> Result<String> {
        let arguments = self.arguments(field, &View::connection_arguments(kind))?;
        let picked = self.below(field, &[&format!("{}Connection", kind.name())])?;
        let page = self.page(&arguments)?;
        let order = Order::of(kind, arguments.get("orderBy"), page.backward)?;
        let filter = arguments.get("filter");
        let rows = Rows { kind, reached, opened, filter };

        let mut row = Row::new(kind, self.alias());
        let mut fields = Vec::with_capacity(picked.len());
        let mut paged = false;
        for field in &picked {
            let value = match field.name {
                "__typename" => self.dialect.constant(&format!("{}Connection", kind.name())),
                "totalCount" => self.count(&rows)?,
                "edges" => {
                    paged = true;
                    self.edges(&mut row, &page, &order, field)?
                }
                "nodes" => {
                    paged = true;
                    let picked = self.below(field, &[kind.name(), "Node"])?;
                    let object = self.object(&mut row, &picked)?;
                    self.in_page(&row, &page, &object)
                }
                "pageInfo" => {
                    let (object, reads) = self.page_info(&row, &page, &order, &rows, field)?;
                    paged |= reads;
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
            return Ok(format!("(select {object})"));
        }
        let source = self.source(&mut row, &page, &order, &rows)?;
        Ok(format!("(select {object} from {source})"))
    }

    fn page<'g>(&mut self, arguments: &'g Arguments) -> Result<Page<'g>> {
        let (first, last) = (arguments.get("first"), arguments.get("last"));
        if first.is_some() && last.is_some() {
            return Err(Error::input("first, last: expected one of them, not both"));
        }
        let default = Arg::Fixed(Value::Int(DEFAULT_PAGE));
        let name = if last.is_some() { "last" } else { "first" };
        let size = first.or(last).unwrap_or(&default).source();
        let size = self.binds.add(size, BindType::PageSize(name));
        let after = arguments.get("after").map(|cursor| (cursor, "after"));
        let before = arguments.get("before").map(|cursor| (cursor, "before"));
        let backward = last.is_some();
        let (from, to) = if backward { (before, after) } else { (after, before) };
        Ok(Page { size, backward, from, to })
    }

    /// The rows of the page under the row's alias, numbered from the side they are counted from: one more than
    /// asked, so that it is known whether there are further ones.
    fn source(&mut self, row: &mut Row, page: &Page<'_>, order: &Order, rows: &Rows<'_>) -> Result<String> {
        let base = self.alias();
        let keys = self.order_keys(order, &base);
        let mut conditions = self.conditions(rows, &base)?;
        if let Some((cursor, argument)) = page.from {
            conditions.push(self.after(order, &keys, cursor, argument));
        }
        if let Some((cursor, argument)) = page.to {
            let after = self.after(order, &keys, cursor, argument);
            let at = self.at(order, &keys, cursor, argument);
            conditions.push(format!("not ({after} or {at})"));
        }
        let columns = order.columns();
        let carried: Vec<String> =
            keys.iter().zip(&columns).map(|(key, column)| format!("{key} as {column}")).collect();
        let inner = self.alias();
        let tiers = if row.tiers_used {
            format!(", {} as tiers", self.gate.tiers(row.kind, &inner, &mut self.binds))
        } else {
            String::new()
        };
        let carried_order = order.by(&columns.iter().map(|column| format!("{inner}.{column}")).collect::<Vec<_>>());
        Ok(format!(
            "(select {inner}.*, row_number() over (order by {carried_order}) as rn, count(*) over () as cnt{tiers} from (select {base}.*, {} from {} {base}{} order by {} limit {} + 1) {inner}) {}",
            carried.join(", "),
            definition(row.kind).table,
            all(&conditions),
            order.by(&keys),
            page.size,
            row.alias,
        ))
    }

    /// What every row of the connection fulfils, whatever the page.
    fn conditions(&mut self, rows: &Rows<'_>, alias: &str) -> Result<Vec<String>> {
        let mut conditions: Vec<String> = rows.opened.iter().map(ToString::to_string).collect();
        let reached = (rows.reached)(alias);
        let is_root = reached.is_empty();
        if !is_root {
            conditions.push(reached);
        }
        // A list that starts from nothing is driven by what the principal sees; one that hangs on a row probes.
        let driven = if is_root { self.gate.visible_ids(rows.kind, &mut self.binds) } else { None };
        match driven {
            Some(ids) => conditions.push(format!("{alias}.id in ({ids})")),
            None => conditions.extend(self.visible(rows.kind, alias)),
        }
        if let Some(filter) = rows.filter {
            conditions.push(self.filter(rows.kind, alias, filter)?);
        }
        Ok(conditions)
    }

    fn count(&mut self, rows: &Rows<'_>) -> Result<String> {
        let alias = self.alias();
        let conditions = self.conditions(rows, &alias)?;
        Ok(format!("(select count(*) from {} {alias}{})", definition(rows.kind).table, all(&conditions)))
    }

    fn edges(&mut self, row: &mut Row, page: &Page<'_>, order: &Order, field: &Picked<'a>) -> Result<String> {
        let name = format!("{}Edge", row.kind.name());
        let mut fields = Vec::new();
        for field in self.below(field, &[&name])? {
            let value = match field.name {
                "__typename" => self.dialect.constant(&name),
                "cursor" => self.cursor(row, order),
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
        Ok(self.in_page(row, page, &object))
    }

    /// One expression for each row of the page, in the order asked.
    fn in_page(&self, row: &Row, page: &Page<'_>, expression: &str) -> String {
        let alias = &row.alias;
        let order = if page.backward { format!("{alias}.rn desc") } else { format!("{alias}.rn") };
        let list = self.dialect.list(expression, &order, &format!("{alias}.rn <= {}", page.size));
        self.dialect.json(&list)
    }

    /// A marked position, sealed on its way out.
    fn cursor(&mut self, row: &Row, order: &Order) -> String {
        let number = self.cursors.iter().position(|spec| *spec == order.spec).unwrap_or_else(|| {
            self.cursors.push(order.spec.clone());
            self.cursors.len() - 1
        });
        let nonce = self.binds.add(Source::Nonce, BindType::Text);
        let keys: Vec<String> = order.columns().iter().map(|column| format!("{}.{column}", row.alias)).collect();
        let position = self.dialect.array_text(&keys);
        format!("{nonce} || {} || {position} || {nonce}", quoted(&format!("{number:02x}")))
    }

    /// The object, and whether it is made of the page's rows: what is not does not make a statement over them.
    fn page_info(
        &mut self,
        row: &Row,
        page: &Page<'_>,
        order: &Order,
        rows: &Rows<'_>,
        field: &Picked<'a>,
    ) -> Result<(String, bool)> {
        let (alias, size) = (&row.alias, &page.size);
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
                "startCursor" => format!("max(case when {start} then {} end)", self.cursor(row, order)),
                "endCursor" => format!("max(case when {end} then {} end)", self.cursor(row, order)),
                name if name == ahead => self.dialect.boolean(&format!("coalesce(max({alias}.cnt), 0) > {size}")),
                "hasNextPage" | "hasPreviousPage" => {
                    let behind = self.behind(page, order, rows)?;
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

    /// Whether there are rows on the side where the page starts: at or before its cursor.
    fn behind(&mut self, page: &Page<'_>, order: &Order, rows: &Rows<'_>) -> Result<String> {
        let Some((cursor, argument)) = page.from else { return Ok("1 = 0".to_owned()) };
        let alias = self.alias();
        let keys = self.order_keys(order, &alias);
        let mut conditions = self.conditions(rows, &alias)?;
        conditions.push(format!("not ({})", self.after(order, &keys, cursor, argument)));
        Ok(format!("exists (select 1 from {} {alias}{})", definition(rows.kind).table, all(&conditions)))
    }
}

/// Which rows a connection is over.
struct Rows<'r> {
    kind: Kind,
    reached: &'r dyn Fn(&str) -> String,
    opened: Option<&'r str>,
    filter: Option<&'r Arg>,
}
