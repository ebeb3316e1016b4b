//! The policy as pages that an auditor reads by role: `docs/ACCESS.md` and `chancery access ROLE`.

use std::fmt::Write as _;

use super::{Ground, Kind, Role, Tier, Tlp, fields, table};

/// The whole document: the notions, then a page per role.
pub fn document() -> String {
    let mut out = String::from(
        "# Who may see what\n\n\
         Made from `src/access` by `chancery access --all`; a test proves it current. Do not edit it.\n\n\
         What a role sees of a row depends on **why** the row is its business (a *ground*) and **how deep** that\n\
         ground opens (*tiers*). A field belongs to one tier. What is not named here is denied. A child of a concern\n\
         (entry, referral, share, evidence) is as deep as its concern, to its own audience, and so is an acknowledgement\n\
         as its advisory, a proposed change as its mission, what hangs on a visit as its visit, and what hangs on a detail as its detail.\n\n\
         | tier | |\n| --- | --- |\n",
    );
    for (tier, text) in [
        (Tier::D, "directory: that it exists, and what a telephone book would say"),
        (Tier::C, "contact: how to reach it and what it is about"),
        (Tier::P, "protected: what harms a person when it is known"),
        (Tier::S, "sensitive: what law enforcement and protection work on"),
        (Tier::I, "internal to the Diplomatic Security Service"),
    ] {
        let _ = writeln!(out, "| {} | {text} |", tier.letter());
    }
    out.push_str("\n| ground | holds when | ends above the marking |\n| --- | --- | --- |\n");
    for ground in Ground::ALL {
        let _ = writeln!(out, "| {} | {} | {} |", ground.name(), ground.holds(), survives(ground));
    }
    out.push_str(
        "\nCUI controls act on every ground: NOFORN withholds a row from every foreign mission, FED_ONLY from all but\n\
         federal agencies, REL_TO from missions of states that are not listed. A residence is open on no ground but\n\
         OWN and PORTFOLIO. A concern is in JURISDICTION only when it is HIGH or CRITICAL.\n",
    );
    for role in Role::ALL {
        out.push('\n');
        out.push_str(&page(role));
    }
    out
}

/// The page of one role.
pub fn page(role: Role) -> String {
    let mut out = format!("## {}\n\n{}\n\n", role.name(), role.description());
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| is_shown(role, *kind)).collect();
    if kinds.is_empty() {
        out.push_str("Sees nothing of the graph but who it is itself.\n");
        return out;
    }
    out.push_str("| type | on this ground | sees |\n| --- | --- | --- |\n");
    for kind in &kinds {
        let of = by_parent(*kind);
        for (ground, tiers) in table::grounds(role, *kind) {
            if tiers.has(kind.shown_by()) {
                let _ = writeln!(out, "| {} | {of}{} | {tiers} |", kind.name(), ground.name());
            }
        }
    }
    out.push_str("\n| type | tier | fields |\n| --- | --- | --- |\n");
    for kind in &kinds {
        let reach = table::reach(role, *kind);
        for tier in Tier::ALL.into_iter().filter(|tier| reach.has(*tier)) {
            let names: Vec<&str> = fields::of(*kind, tier).collect();
            if !names.is_empty() {
                let _ = writeln!(out, "| {} | {} | {} |", kind.name(), tier.letter(), names.join(", "));
            }
        }
    }
    let grants: Vec<_> = table::GRANTS.iter().filter(|grant| grant.role == role).collect();
    if !grants.is_empty() {
        out.push_str("\n| on a row of | on this ground | may |\n| --- | --- | --- |\n");
    }
    for grant in grants {
        let names: Vec<&str> = grant.commands.iter().map(|command| command.name()).collect();
        let of = by_parent(grant.kind);
        let _ = writeln!(out, "| {} | {of}{} | {} |", grant.kind.name(), grant.ground.name(), names.join(", "));
    }
    let exports: Vec<&str> =
        kinds.iter().filter(|kind| table::may_export(role, **kind)).map(|kind| kind.name()).collect();
    if !exports.is_empty() {
        let _ = writeln!(out, "\nMay export: {}.", exports.join(", "));
    }
    let never: Vec<&str> = Kind::ALL.into_iter().filter(|kind| !is_shown(role, *kind)).map(Kind::name).collect();
    if !never.is_empty() {
        let _ = writeln!(out, "\nNever: {}.", never.join(", "));
    }
    let missing = unreachable_fields(role);
    if !missing.is_empty() {
        let _ = writeln!(out, "\nNot in its schema: {}.", missing.join(", "));
    }
    out
}

/// Whose ground it is that opens a child.
fn by_parent(kind: Kind) -> String {
    kind.parent().map_or_else(String::new, |parent| format!("{} by ", parent.name()))
}

fn is_shown(role: Role, kind: Kind) -> bool {
    let reach = table::reach(role, kind);
    reach.has(Tier::D) && reach.has(kind.shown_by())
}

/// Fields of types that the role sees, in tiers that it never does.
fn unreachable_fields(role: Role) -> Vec<String> {
    let mut out = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| is_shown(role, *kind)) {
        let reach = table::reach(role, kind);
        for tier in Tier::ALL.into_iter().filter(|tier| !reach.has(*tier)) {
            out.extend(fields::of(kind, tier).map(|name| format!("{}.{name}", kind.name())));
        }
    }
    out
}

fn survives(ground: Ground) -> &'static str {
    match (ground, ground.survives()) {
        (Ground::Shared, _) => "the share's (to an agency never RED)",
        (_, Tlp::Red) => "never",
        (_, tlp) => tlp.name(),
    }
}
