//! A role's page: what its askers saw, for a reader who is not a programmer.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use chancery::{
    access::{Kind, Role},
    model,
};

use crate::{
    cast::{Asker, CAST},
    observe::Observation,
    prose,
    world::Situation,
};

/// The page of a role.
pub fn text(role: Role, observed: &BTreeMap<&str, Observation>, world: &[Situation]) -> String {
    let askers: Vec<&Asker> = CAST.iter().filter(|asker| asker.role == role).collect();
    let types = &observed[askers[0].name].types;
    let on_page: Vec<&Situation> = world.iter().filter(|situation| situation.on_page).collect();
    let width = on_page.iter().map(|situation| situation.name.chars().count()).max().unwrap_or(0) + 2;
    let mut page =
        format!("{role}, as observed by clients. Do not edit: `BLESS=1 cargo test --test matrix` writes it.\n\n");
    for asker in &askers {
        let _ = writeln!(page, "{:<14}{}", asker.name, asker.description);
    }
    page.push_str(
        "\nA line is a row: what makes it what it is, and the tiers that each asker reads of it; – is hidden.\n",
    );
    let absent: Vec<&str> = Kind::ALL.into_iter().filter(|kind| !types.contains_key(kind)).map(Kind::name).collect();
    if !absent.is_empty() {
        let _ = writeln!(page, "Not in its schema: {}.", absent.join(", "));
    }
    for kind in Kind::ALL {
        if !types.contains_key(&kind) {
            continue;
        }
        let _ = writeln!(page, "\n{}", kind.name());
        fields(&mut page, kind, &types[&kind]);
        page.push('\n');
        line(&mut page, width, "", askers.iter().map(|asker| asker.name));
        for situation in on_page.iter().filter(|situation| situation.kind == kind) {
            let cells = askers.iter().map(|asker| observed[asker.name].of_row(&situation.id));
            line(&mut page, width, &situation.name, cells);
        }
    }
    page
}

/// A line: what it is about, and a cell for each asker.
fn line<'c>(page: &mut String, width: usize, about: &str, cells: impl Iterator<Item = &'c str>) {
    let mut line = format!("  {about:<width$}");
    for cell in cells {
        let _ = write!(line, "{cell:<14}");
    }
    page.push_str(line.trim_end());
    page.push('\n');
}

/// The fields of a type by tier, and those that the schema lacks.
fn fields(page: &mut String, kind: Kind, has: &std::collections::BTreeSet<String>) {
    for (tier, names) in prose::tiers(kind) {
        let shown: Vec<&str> = names.into_iter().filter(|name| has.contains(*name)).collect();
        if !shown.is_empty() {
            let _ = writeln!(page, "  {tier}  {}", shown.join(", "));
        }
    }
    let all = model::definition(kind).fields.iter().map(|field| field.name);
    let absent: Vec<&str> = all.filter(|name| !has.contains(*name)).collect();
    if !absent.is_empty() {
        let _ = writeln!(page, "  not in its schema: {}", absent.join(", "));
    }
}

/// Holds the page against the one that was reviewed; `BLESS=1` writes it.
pub fn compare(role: Role, made: &str) {
    let file = format!("tests/matrix/{role}.txt");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
    #[allow(clippy::disallowed_methods, reason = "tests have no configuration of their own")]
    if std::env::var("BLESS").is_ok() {
        fs::write(&path, made).expect("the page can be written");
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    let at = reviewed.lines().zip(made.lines()).position(|(was, is)| was != is);
    let line = at.and_then(|at| made.lines().nth(at)).unwrap_or("its end");
    assert!(
        reviewed == made,
        "{file} is not what clients observe, first at: {line}\nread the change, then run `just bless`"
    );
}
