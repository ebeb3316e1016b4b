//! Which columns a subquery has to hand on. PostgreSQL finds that out for itself; SQLite copies what is written, texts of
//! pages included, each time that rows are gathered, sorted or numbered.

use std::collections::BTreeSet;

/// Columns that statements make beside those of tables; the keys of an order are `k0` and on.
const MADE: [&str; 4] = ["tiers", "rn", "cnt", "distance"];

/// The columns of a row that texts of a statement name under its alias.
pub(super) struct Columns(BTreeSet<String>);

impl Columns {
    /// Those that texts name.
    pub(super) fn named(alias: &str, texts: &[&str]) -> Self {
        Self(texts.iter().flat_map(|text| of(alias, text)).map(str::to_owned).collect())
    }

    /// Those and the ones that other texts name under another alias.
    #[must_use]
    pub(super) fn and(mut self, alias: &str, texts: &[&str]) -> Self {
        self.0.extend(texts.iter().flat_map(|text| of(alias, text)).map(str::to_owned));
        self
    }

    /// Whether they are these.
    pub(super) fn are(&self, names: &[&str]) -> bool {
        self.0.iter().eq(names)
    }

    /// They, of an alias, and what else is selected.
    pub(super) fn select(&self, alias: &str, others: &[String]) -> String {
        let own = self.0.iter().map(|name| format!("{alias}.{name}"));
        own.chain(others.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}

fn of<'t>(alias: &str, text: &'t str) -> impl Iterator<Item = &'t str> {
    let alias = format!("{alias}.");
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(&alias)) {
        let (start, end) = (from + found, from + found + alias.len());
        let is_part = text.get(..start).and_then(|before| before.bytes().last()).is_some_and(is_of_name);
        if !is_part {
            places.push(end);
        }
        from = end;
    }
    places.into_iter().filter_map(move |place| {
        let rest = text.get(place..)?;
        let name = rest.get(..rest.bytes().position(|byte| !is_of_name(byte)).unwrap_or(rest.len()))?;
        let is_key =
            name.strip_prefix('k').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        (!name.is_empty() && !is_key && !MADE.contains(&name)).then_some(name)
    })
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_handed_on() {
        let text = "json_build_object('id','concern_' || t1.id,'title',case when (t1.tiers & 2) <> 0 then t1.title end) order by t1.k0, t11.city, at1.x";
        let columns = Columns::named("t1", &[text]).and("t2", &["t2.id = t1.y and t2.opened_at > $1"]);
        assert_eq!(
            columns.select("b", &["b.opened_at as k0".to_owned()]),
            "b.id, b.opened_at, b.title, b.opened_at as k0"
        );
        assert_eq!(Columns::named("t3", &[text]).select("b", &["0 as k0".to_owned()]), "0 as k0");
    }
}
