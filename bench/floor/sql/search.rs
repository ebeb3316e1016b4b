//! Concerns by their words.

use chancery::store::Engine;

use super::part::Part;

/// V1: the folded words. Of a row's lines of words, the one counts whose tiers are those that are open.
pub(super) fn search(part: &Part) -> String {
    let hits = if part.engine == Engine::Postgres {
        "select s.row_id, s.tiers, s.at from search s where s.words @@ (('''' || replace(V1, ' ', ''' & ''') || ''':*')::tsquery) and s.kind = 8"
    } else {
        "select s.row_id, s.tiers, s.at from search_words join search s on s.doc = search_words.rowid where search_words match ('\"' || replace(V1, ' ', '\" \"') || '\" *') and +s.kind = 8"
    };
    format!(
        "with {} hits as materialized ({hits}),
         seen as materialized (select c.id, c.reference, c.opened_at, c.mission_id, case when (l.p & 2) <> 0 then c.title end as title from (select h.*, {} as p from (select * from hits order by at desc, row_id desc FENCE) h) l join concern c on c.id = l.row_id
           where (l.p & 1) <> 0 and (l.p & 3) = l.tiers order by l.at desc, l.row_id desc limit 21)
         select cast(OBJECT('data', OBJECT('search', OBJECT('nodes', JSON((select LIST(OBJECT('id', 'concern_' || c.id, 'reference', c.reference, 'title', c.title, 'openedAt', c.opened_at, 'mission', JSON((select OBJECT('name', m.name) from mission m where m.id = c.mission_id and {}))) order by c.opened_at desc, c.id desc)
           from (select * from seen c order by c.opened_at desc, c.id desc limit 20) c)),
         'pageInfo', OBJECT('hasNextPage', TRUTH((select count(*) from seen) > 20))))) as text)",
        part.with_missions(),
        part.open("h.row_id"),
        part.among_mine("m.id", 1),
    )
}
