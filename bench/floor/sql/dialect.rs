//! The names in capitals, as an engine has them.

use chancery::store::Engine;

/// The text for an engine.
pub(super) fn of(sql: &str, engine: Engine) -> String {
    let postgres = engine == Engine::Postgres;
    let (object, held, own, fence) = if postgres {
        ("json_build_object", "= any($1)", "= any($3)", "offset 0")
    } else {
        ("json_object", "in (select value from json_each(?1))", "in (select value from json_each(?3))", "limit -1")
    };
    let sql = sql.replace("OBJECT", object).replace("= KEYS", held).replace("= OWN", own).replace("FENCE", fence);
    let sql = sql.replace("LISTED(", if postgres { "json_build_array(" } else { "json_array(" });
    let sql = call(&sql, "JSON", &|of| if postgres { format!("({of})") } else { format!("json({of})") });
    let sql = call(&sql, "LIST", &|of| {
        if postgres { format!("coalesce(json_agg({of}), '[]')") } else { format!("json_group_array({of})") }
    });
    let sql = call(&sql, "TRUTH", &|of| {
        if postgres { format!("({of})") } else { format!("json(iif({of}, 'true', 'false'))") }
    });
    let sql = call(&sql, "FLOAT", &|of| {
        if postgres { format!("({of})::float8") } else { format!("cast({of} as real)") }
    });
    // SQLite has no aggregate of bits.
    let bits = |of: &str, most: u32| {
        if postgres {
            return format!("bit_or({of})");
        }
        let each: Vec<String> = (0..most).map(|bit| format!("max(({of}) & {})", 1 << bit)).collect();
        format!("({})", each.join(" | "))
    };
    let sql = call(&sql, "BITS", &|of| bits(of, 25));
    let sql = call(&sql, "TIERS", &|of| bits(of, 5));
    let (mark, sql) = (if postgres { '$' } else { '?' }, sql.replace("NOW", if postgres { "$2" } else { "?2" }));
    (1..=23).rev().fold(sql, |sql, place| sql.replace(&format!("V{place}"), &format!("{mark}{}", place + 3)))
}

/// Replaces calls of a name in capitals by what is written for their argument.
fn call(sql: &str, name: &str, write: &dyn Fn(&str) -> String) -> String {
    let Some((before, rest)) = sql.split_once(&format!("{name}(")) else { return sql.to_owned() };
    let mut depth = 1_u32;
    let end = rest.char_indices().find(|(_, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let (of, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
    let after = after.strip_prefix(')').unwrap_or_default();
    format!("{before}{}{}", write(&call(of, name, write)), call(after, name, write))
}
