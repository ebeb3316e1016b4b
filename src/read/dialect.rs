//! Of the statements that answer questions, the only place that knows an engine's SQL.

use crate::{
    access::{Kind, Tier, Tiers},
    model::{definition, stats::Span},
    store::Engine,
};

/// Arguments of one JSON object: PostgreSQL takes 100 arguments in a call, SQLite 127; two a field.
const FIELDS_A_CALL: usize = 45;

/// Whether a table holds the rows of a type.
pub(super) fn is_of_type(table: &str) -> bool {
    Kind::ALL.into_iter().any(|kind| definition(kind).table == table)
}

/// Writes what the engines write differently.
#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    engine: Engine,
    /// Whether statements run behind the [`super::Wall`]: what they read past row security, they read by its functions.
    walled: bool,
}

impl From<Engine> for Dialect {
    fn from(engine: Engine) -> Self {
        Self { engine, walled: false }
    }
}

impl Dialect {
    /// The engine.
    pub const fn engine(self) -> Engine {
        self.engine
    }

    /// Whether statements run behind the wall.
    pub const fn is_walled(self) -> bool {
        self.walled
    }

    /// For statements that run behind the wall.
    #[must_use]
    pub const fn walled(self) -> Self {
        Self { walled: true, ..self }
    }

    /// A JSON object of keys (GraphQL names, plain ASCII) and expressions.
    pub fn object(self, fields: &[(String, String)]) -> String {
        let call = match self.engine {
            Engine::Postgres => "json_build_object",
            Engine::Sqlite => "json_object",
        };
        let chunks: Vec<String> = fields
            .chunks(FIELDS_A_CALL)
            .map(|chunk| {
                let pairs: Vec<String> = chunk.iter().map(|(key, value)| format!("{},{value}", quoted(key))).collect();
                format!("{call}({})", pairs.join(","))
            })
            .collect();
        match (chunks.as_slice(), self.engine) {
            ([], _) => format!("{call}()"),
            ([one], _) => one.clone(),
            // Objects are joined as text: `{a` + `,` + `b}`.
            (many, Engine::Postgres) => {
                let parts: Vec<String> =
                    many.iter().map(|chunk| format!("substr(left(({chunk})::text, -1), 2)")).collect();
                format!("('{{' || {} || '}}')::json", parts.join(" || ',' || "))
            }
            (many, Engine::Sqlite) => {
                let parts: Vec<String> =
                    many.iter().map(|chunk| format!("substr({chunk}, 2, length({chunk}) - 2)")).collect();
                format!("json('{{' || {} || '}}')", parts.join(" || ',' || "))
            }
        }
    }

    /// A JSON list of one expression over rows, in an order, of the rows that a condition holds for; never null.
    pub fn list(self, expression: &str, order: &str, only: &str) -> String {
        match self.engine {
            Engine::Postgres => {
                format!("coalesce(json_agg({expression} order by {order}) filter (where {only}), '[]'::json)")
            }
            Engine::Sqlite => format!("json_group_array({expression} order by {order}) filter (where {only})"),
        }
    }

    /// An expression that is JSON, made elsewhere in the statement: SQLite forgets that it is.
    pub fn json(self, expression: &str) -> String {
        match self.engine {
            Engine::Postgres => expression.to_owned(),
            Engine::Sqlite => format!("json({expression})"),
        }
    }

    /// A text that holds JSON, as JSON.
    pub fn parse(self, expression: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("({expression})::json"),
            Engine::Sqlite => format!("json({expression})"),
        }
    }

    /// A truth value as JSON.
    pub fn boolean(self, expression: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("({expression})"),
            Engine::Sqlite => format!("json(case ({expression}) when 1 then 'true' when 0 then 'false' end)"),
        }
    }

    /// Rows with `dx` and `dy`, given the `distance` that they make. SQLite has no square root: Newton's method from the
    /// octagon around the circle, right to 4 %, is right to 10⁻³ after one step, to 10⁻⁶ after two, and to the last digit but
    /// one after three, so that both engines tell the same whole metres.
    pub fn distances(self, rows: &str) -> String {
        // Fenced: an expression that is written into another is computed once for each time that it stands there.
        let fence = self.fence();
        if self.engine == Engine::Postgres {
            return format!("select b.*, sqrt(b.dx * b.dx + b.dy * b.dy) as distance from ({rows} {fence}) b {fence}");
        }
        let guess = "case when abs(b.dx) > abs(b.dy) then 0.9604 * abs(b.dx) + 0.3978 * abs(b.dy) else 0.9604 * abs(b.dy) + 0.3978 * abs(b.dx) end";
        let squared = format!(
            "select b.*, b.dx * b.dx + b.dy * b.dy as squared, {guess} as root0 from ({rows} {fence}) b {fence}"
        );
        ["root1", "root2", "distance"].iter().enumerate().fold(squared, |rows, (step, better)| {
            let root = format!("c.root{step}");
            format!("select c.*, case when {root} > 0 then ({root} + c.squared / {root}) / 2 else 0 end as {better} from ({rows}) c {fence}")
        })
    }

    /// A number that is not negative as the nearest whole one.
    pub fn whole(self, expression: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("cast(floor({expression} + 0.5) as bigint)"),
            Engine::Sqlite => format!("cast({expression} + 0.5 as integer)"),
        }
    }

    /// An instant (canonical text) as whole seconds since 1970; the fraction is cut off.
    pub fn seconds(self, instant: &str) -> String {
        match self.engine {
            Engine::Postgres => {
                format!("cast(extract(epoch from cast(substr({instant}, 1, 19) as timestamp)) as bigint)")
            }
            Engine::Sqlite => format!("cast(strftime('%s', substr({instant}, 1, 19)) as integer)"),
        }
    }

    /// The first day of the span that an instant (canonical text) lies in, so many seconds east of UTC.
    pub fn local(self, span: Span, instant: &str, seconds: &str) -> String {
        let day = match (self.engine, span) {
            (Engine::Postgres, Span::Week) => {
                let there = format!("cast(substr({instant}, 1, 19) as timestamp) + {seconds} * interval '1 second'");
                format!("to_char(date_trunc('week', {there}), 'YYYY-MM-DD')")
            }
            (Engine::Postgres, _) => {
                let there = format!("cast(substr({instant}, 1, 19) as timestamp) + {seconds} * interval '1 second'");
                format!("to_char({there}, 'YYYY-MM-DD')")
            }
            // Forward to the Sunday that ends the week, and back.
            (Engine::Sqlite, Span::Week) => {
                format!("date(substr({instant}, 1, 19), {seconds} || ' seconds', 'weekday 0', '-6 days')")
            }
            (Engine::Sqlite, _) => format!("date(substr({instant}, 1, 19), {seconds} || ' seconds')"),
        };
        if span == Span::Month { format!("substr({day}, 1, 7)") } else { day }
    }

    /// A text that sorts by code point, wherever it comes from.
    pub fn by_code_point(self, text: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("({text}) collate \"C\""),
            Engine::Sqlite => text.to_owned(),
        }
    }

    /// A JSON list of expressions.
    pub fn array(self, items: &[String]) -> String {
        match self.engine {
            Engine::Postgres => format!("json_build_array({})", items.join(",")),
            Engine::Sqlite => format!("json_array({})", items.join(",")),
        }
    }

    /// A JSON expression as the text that leaves.
    pub fn text(self, expression: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("({expression})::text"),
            Engine::Sqlite => expression.to_owned(),
        }
    }

    /// A JSON array of values, as text.
    pub fn array_text(self, values: &[String]) -> String {
        match self.engine {
            Engine::Postgres => format!("json_build_array({})::text", values.join(",")),
            Engine::Sqlite => format!("json_array({})", values.join(",")),
        }
    }

    /// A constant text as JSON.
    pub fn constant(self, text: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("{}::text", quoted(text)),
            Engine::Sqlite => quoted(text),
        }
    }

    /// Whether a value is among those of a list parameter.
    pub fn among(self, expression: &str, list: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("{expression} = any({list})"),
            Engine::Sqlite => format!("{expression} in (select value from json_each({list}))"),
        }
    }

    /// All bits of a small set over rows; 0 over none. `of` are those that may be there: SQLite looks for each.
    pub fn bit_or(self, expression: &str, of: Tiers) -> String {
        match self.engine {
            Engine::Postgres => format!("coalesce(bit_or({expression}), 0)"),
            Engine::Sqlite => {
                let bits = Tier::ALL.into_iter().filter(|tier| of.has(*tier)).map(Tier::bit);
                let bits: Vec<String> = bits.map(|bit| format!("max(({expression}) & {bit})")).collect();
                if bits.is_empty() { "0".to_owned() } else { format!("coalesce({}, 0)", bits.join(" | ")) }
            }
        }
    }

    /// Whether a text contains another, by code point.
    pub fn contains(self, text: &str, part: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("strpos({text}, {part}) > 0"),
            Engine::Sqlite => format!("instr({text}, {part}) > 0"),
        }
    }

    /// Whether a text begins with another, by code point.
    pub fn starts_with(self, text: &str, start: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("starts_with({text}, {start})"),
            Engine::Sqlite => format!("substr({text}, 1, length({start})) = {start}"),
        }
    }

    /// A column of the one row of another table that an id names. Behind the wall a function looks it up, where the
    /// rows themselves are not the reader's to see.
    pub fn looked_up(self, table: &str, column: &str, id: &str, alias: &str) -> String {
        if self.walled {
            return format!("wall_{table}_{column}({id})");
        }
        format!("(select {alias}.{column} from {table} {alias} where {alias}.id = {id})")
    }

    /// The rows of another table that point to a row by a column, under an alias: what follows FROM. Behind the wall a
    /// function reads them where they are rows of a type, which are not the reader's to see though one value of theirs is.
    pub fn gathered(
        self,
        (table, key, column): (&str, &str, &str),
        only: Option<&str>,
        row: &str,
        alias: &str,
    ) -> String {
        if self.walled && is_of_type(table) {
            let value = format!("w.{column} collate \"C\" as {column}");
            return format!("(select {value} from wall_{table}_{column}_by_{key}({row}) w) {alias}");
        }
        let only = only.map_or_else(String::new, |only| format!(" and {alias}.{only}"));
        format!("{table} {alias} where {alias}.{key} = {row}{only}")
    }

    /// A value of a row that was found by its lines: SQLite, which knows no numbers of a table, is to look for rows by none
    /// of the client's values. PostgreSQL goes by its numbers, and finds that keys open fewer.
    pub fn looked_at(self, value: String) -> String {
        match self.engine {
            Engine::Postgres => value,
            Engine::Sqlite => format!("+{value}"),
        }
    }

    /// What keeps a subquery whole, so that an expression in it is computed once a row.
    pub const fn fence(self) -> &'static str {
        match self.engine {
            Engine::Postgres => "offset 0",
            Engine::Sqlite => "limit -1",
        }
    }

    /// The items of a JSON list parameter as rows `(place, item)` under an alias, the item as JSON.
    pub fn items(self, list: &str, alias: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("json_array_elements({list}::json) with ordinality as {alias}(item, place)"),
            Engine::Sqlite => format!("(select key as place, value as item from json_each({list})) {alias}"),
        }
    }

    /// The texts of a JSON list parameter, as what `in` takes.
    pub fn texts_of(self, list: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("select json_array_elements_text({list}::json)"),
            Engine::Sqlite => format!("select value from json_each({list})"),
        }
    }

    /// One text of a JSON list.
    pub fn item_text(self, list: &str, index: usize) -> String {
        match self.engine {
            Engine::Postgres => format!("({list} ->> {index})"),
            Engine::Sqlite => format!("json_extract({list}, '$[{index}]')"),
        }
    }

    /// One text of a JSON list in a JSON list, both in a text.
    pub fn inner_text(self, lists: &str, outer: usize, inner: usize) -> String {
        match self.engine {
            Engine::Postgres => format!("(({lists})::json -> {outer} ->> {inner})"),
            Engine::Sqlite => format!("json_extract({lists}, '$[{outer}][{inner}]')"),
        }
    }

    /// JSON null where an expression over rows gives no row.
    pub const fn json_null(self) -> &'static str {
        match self.engine {
            Engine::Postgres => "null::json",
            Engine::Sqlite => "null",
        }
    }
}

/// A text constant.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

mod lines;
