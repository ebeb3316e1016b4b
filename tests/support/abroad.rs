//! The posts abroad of the small world.

use super::small_world::{insert, maybe, pick, row, sparse, text};

/// Posts abroad.
pub const POSTS: usize = 6;

/// The first three are in France, the last two belong to the first; DSS's two people are posted to the first two.
pub(super) fn posts(sql: &mut String) {
    for number in 1..=POSTS {
        let values = [
            text(&row('T', number)),
            text(pick(&["EMBASSY", "CONSULATE"], number / 4)),
            text(&format!("Post {}", number / 2)),
            text(&row('S', number.div_ceil(3))),
            maybe((number > 4).then(|| row('T', 1)).as_deref()),
            sparse(number, 3, pick(&["Paris", "Bonn"], number)),
            if number.is_multiple_of(4) { "null".into() } else { "48.5".into() },
            text(pick(&["OPEN", "SUSPENDED"], number)),
            sparse(number, 2, "+12025550155"),
            sparse(number, 3, &format!("19{number}0-02-03")),
            text(r#"["wikidata:Q2"]"#),
        ];
        let columns =
            "id, type, name, country_id, constituent_of_id, city, latitude, status, phone, opened_on, source_ids";
        insert(sql, "post", columns, &values);
    }
}
