//! The papers of the small world: what was handed in about its concerns.

use super::small_world::{insert, instant, pick, row, sparse, text};

/// Of every other entry one piece.
pub(super) fn evidence(sql: &mut String, entry: usize, concern: usize) {
    if entry.is_multiple_of(2) {
        return;
    }
    let values = [
        text(&row('D', entry)),
        text(&row('N', concern)),
        text(&row('E', entry)),
        text(&format!("A photograph {}", entry % 4)),
        text(&format!("{entry:064x}")),
        text("https://holder.example/1"),
        text(pick(&["AMBER", "RED"], concern)),
        text(&instant(entry % 6 + 1)),
        sparse(entry, 3, &row('P', 1)),
    ];
    insert(sql, "evidence", "id, concern_id, entry_id, name, sha256, pointer, tlp, added_at, added_by_id", &values);
}
