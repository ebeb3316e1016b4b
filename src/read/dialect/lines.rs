//! How lines are looked up, of visibility and of words.

use super::{Dialect, Engine};
use crate::{access::Tier, read::plan::Merge};

impl Dialect {
    /// The lines of the table of words, under an alias, that hold all the words of a parameter, the last as a beginning:
    /// what follows FROM, a WHERE included. The words are letters and digits with single spaces between: each is quoted
    /// here, and nothing in them is an operator.
    ///
    /// Behind the wall a function looks them up: PostgreSQL asks no index of words before row security has been asked.
    pub fn lines_with(self, line: &str, words: &str) -> String {
        match self.engine {
            Engine::Postgres => {
                let asked = format!("cast('''' || replace({words}, ' ', ''' & ''') || ''':*' as tsquery)");
                if self.walled {
                    let by_code_point = "w.row_id collate \"C\" as row_id, w.at collate \"C\" as at";
                    format!("(select w.kind, w.tiers, {by_code_point} from wall_search({asked}) w) {line} where true")
                } else {
                    format!("search {line} where {line}.words @@ {asked}")
                }
            }
            Engine::Sqlite => format!(
                "search {line} where {line}.doc in (select rowid from search_words where search_words match ('\"' || replace({words}, ' ', '\" AND \"') || '\"*'))"
            ),
        }
    }

    /// A query of `row_id`s that rows are looked up by. PostgreSQL takes each once by sorting them, not by a table of hashes, if
    /// it is asked to: then those that lie side by side are read one after the other.
    pub fn in_order(self, ids: &str) -> String {
        match self.engine {
            Engine::Postgres => format!("select distinct s.row_id from ({ids}) s"),
            Engine::Sqlite => ids.to_owned(),
        }
    }

    /// Whether a subquery of FROM may speak of what stands before it there.
    pub fn joins_laterally(self) -> bool {
        self.engine == Engine::Postgres
    }

    /// An order that rows stand in already, as they come from a fenced query that is ordered by it: PostgreSQL knows that, and
    /// does not sort again. SQLite would; it leaves rows as they come.
    pub fn still_by(self, order: &str) -> String {
        match self.engine {
            Engine::Postgres => format!(" order by {order}"),
            Engine::Sqlite => String::new(),
        }
    }

    /// The first rows of a query that is ordered, by the columns of `order` under an alias `l`. PostgreSQL plans for all
    /// pages at once and takes a page of unknown size for a tenth of the table; so it is told how many rows a page has
    /// `at_most`, where that is known, and stops earlier where there are fewer.
    pub fn first_rows(self, query: &str, order: &str, limit: &str, at_most: Option<i64>) -> String {
        match at_most.filter(|_| self.engine == Engine::Postgres) {
            Some(most) => format!("select l.* from ({query} limit {most}) l order by {order} limit {limit}"),
            None => format!("{query} limit {limit}"),
        }
    }

    /// The first rows of a list as `(at, row_id, tiers)`, from the first lines of each key: PostgreSQL looks at each key in
    /// turn, SQLite, which knows no LATERAL, for the rows of each key and then for their lines.
    pub(in crate::read) fn merged(self, merge: &Merge<'_>) -> String {
        let Merge { line, first, column, way, limit, .. } = merge;
        let keys = &merge.opens.keys;
        let grouped = |at: &str, alias: &str, having: &str| {
            format!(
                "group by {alias}.{at}, {alias}.row_id{having} order by {alias}.{at}{way}, {alias}.row_id{way} limit {limit}"
            )
        };
        let directory = Tier::D.bit();
        match self.engine {
            Engine::Postgres => {
                let tiers = self.bit_or(&merge.opens_first.bits, merge.opens_first.of);
                let of_key = format!(
                    "select {first}.{column} as at, {first}.row_id, {tiers} as tiers from {}{} and {first}.key = k.key {}",
                    merge.from,
                    merge.conditions,
                    grouped(column, first, &format!(" having ({tiers} & {directory}) <> 0"))
                );
                format!(
                    "(select v.at, v.row_id, bit_or(v.tiers) as tiers from unnest({keys}) k(key) cross join lateral ({of_key}) v {})",
                    grouped("at", "v", "")
                )
            }
            Engine::Sqlite => {
                let of_key = format!(
                    "select {first}.row_id from {}{} and {first}.key = k.value {}",
                    merge.from,
                    merge.conditions,
                    grouped(column, first, &format!(" having max({} & {directory}) <> 0", merge.opens_first.bits))
                );
                if let Some((table, at)) = merge.row {
                    return format!(
                        "(select {line}.{at} as at, {line}.id as row_id from json_each({keys}) k cross join {table} {line} where {line}.id in ({of_key}) group by {line}.{at}, {line}.id order by {line}.{at}{way}, {line}.id{way} limit {limit})"
                    );
                }
                let tiers = self.bit_or(&merge.opens.bits, merge.opens.of);
                format!(
                    "(select {line}.{column} as at, {line}.row_id, {tiers} as tiers from json_each({keys}) k cross join visibility {line} where {line}.key = k.value and {} and {line}.row_id in ({of_key}) {})",
                    merge.opens.of_row,
                    grouped(column, line, "")
                )
            }
        }
    }

    /// The lines of one row that stand under some keys, each looked up by row and key: what follows FROM, a WHERE included.
    /// PostgreSQL takes a row to have a few lines and would read them all; where other rows lead to it there are thousands.
    pub fn lines_by_key(self, v: &str, row: &str, keys: &str, which: &str) -> String {
        match self.engine {
            Engine::Postgres => format!(
                "unnest({keys}) k(key) cross join lateral (select * from visibility {v} where {v}.row_id = {row} and {v}.key = k.key and {which} {}) {v} where true",
                self.fence()
            ),
            Engine::Sqlite => {
                format!(
                    "visibility {v} where {v}.row_id = {row} and {} and {which}",
                    self.among(&format!("{v}.key"), keys)
                )
            }
        }
    }
}
