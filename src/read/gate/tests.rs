//! How rows are looked for: what the answers cannot tell, as they are the same whichever way.

use super::*;
use crate::{access::Held, store::Engine};

fn gate(role: Role, internal: bool) -> (Gate, Binds) {
    (Gate::new(Scope { role, internal }, Engine::Postgres.into()), Binds::new(Engine::Postgres))
}

#[test]
fn what_is_always_open_asks_nothing_of_the_lines() {
    let (of_dss, mut binds) = gate(Role::Administrator, true);
    assert_eq!(of_dss.tiers(Kind::Agency, "t", &mut binds), Tiers::DS.bits().to_string());
    let (of_another, mut binds) = gate(Role::Administrator, false);
    assert!(of_another.tiers(Kind::Agency, "t", &mut binds).contains("visibility"));
}

/// A tier that every row opens is asked of none, and so is the directory of a row that is seen.
#[test]
fn what_every_row_opens_is_open() {
    let (analyst, _) = gate(Role::Analyst, true);
    assert_eq!(analyst.depth(Kind::Agency, Tier::C), Depth::Open);
    assert_eq!(analyst.depth(Kind::Concern, Tier::D), Depth::Open);
    assert_eq!(analyst.depth(Kind::Concern, Tier::S), Depth::Bit(Tier::S.bit()));
    assert_eq!(analyst.depth(Kind::Concern, Tier::P), Depth::Closed);
}

/// The grounds that always hold are stated by the gate, not stored: no line is asked for one.
#[test]
fn a_ground_that_always_holds_has_no_lines() {
    let (gate, _) = gate(Role::Administrator, false);
    let grounds: Vec<Ground> = gate.derived(Kind::Agency).into_iter().map(|(ground, _)| ground).collect();
    assert_eq!(grounds, [Ground::OwnAgency]);
}

/// Commands are granted on grounds: a row tells those that it offers, beside those that every row does.
#[test]
fn a_row_tells_its_grounds() {
    let (administrator, mut binds) = gate(Role::Administrator, true);
    let sql = administrator.grounds(Kind::Agency, "t", &mut binds);
    assert!(sql.contains("v.row_id = t.id") && sql.contains("v.ground in (13) "), "OWN_AGENCY alone: {sql}");
    assert!(administrator.always_held(Kind::Agency).contains(&Ground::Internal));
    let (of_another, _) = gate(Role::Administrator, false);
    assert!(!of_another.always_held(Kind::Agency).contains(&Ground::Internal));
    let (officer, _) = gate(Role::MissionOfficer, false);
    assert_eq!(officer.grounds(Kind::SendingState, "t", &mut binds), "('[]')::json", "no line is asked");
}

/// Law 6: a version counts what its reader sees, and tells how deep.
#[test]
fn a_version_counts_what_is_seen() {
    let (officer, mut binds) = gate(Role::MissionOfficer, false);
    let (row, children) = (("changes", ("handovers", Tier::C)), (Kind::Entry, "concern_id"));
    let sql = officer.version(Kind::Concern, row, children, ("t", "c"), &mut binds);
    for part in ["t.changes", "then t.handovers", "from entry c where c.concern_id = t.id and exists", ") * 32 + "] {
        assert!(sql.contains(part), "{part} in {sql}");
    }
}

/// The board: what one is responsible for, by OWNER, WATCH and PORTFOLIO.
#[test]
fn the_board_is_by_the_grounds_of_responsibility() {
    let (officer, mut binds) = gate(Role::LiaisonOfficer, true);
    let sql = officer.responsible_ids(Kind::Concern, &mut binds);
    assert!(sql.contains("v.ground in (9,10,12)") && sql.contains("v.kind = 8"), "{sql}");
}

/// What every row of a type opens, every child of it has: no line is asked for it, and none stands.
#[test]
fn a_child_has_what_its_parent_always_opens() {
    let (analyst, mut binds) = gate(Role::Analyst, true);
    assert_eq!(analyst.tiers(Kind::Acknowledgement, "t", &mut binds), Tiers::DCI.bits().to_string());
    let seen = analyst.visible(Kind::Acknowledgement, "t", &mut binds);
    assert!(seen.is_some_and(|sql| sql.contains("w.ground = 18") && sql.contains("(w.cap & 19) <> 0")));
    let (officer, mut binds) = gate(Role::MissionOfficer, false);
    assert!(officer.tiers(Kind::Acknowledgement, "t", &mut binds).contains("v.row_id = t.advisory_id"));
}

#[test]
fn only_who_sees_nearly_all_looks_at_each_row_on_its_way() {
    for (role, internal, wide) in [
        (Role::Analyst, true, true),
        (Role::Analyst, false, false),
        (Role::LawEnforcement, false, false),
        (Role::DetailAgent, true, false),
    ] {
        let (gate, mut binds) = gate(role, internal);
        assert_eq!(gate.is_wide(Kind::Concern), wide, "{role:?}");
        let visible = gate.visible(Kind::Concern, "t", &mut binds);
        assert_eq!(visible.map(|sql| sql.contains("offset 0")), Some(wide), "{role:?}");
    }
}

/// Of rows that never change columns say whose they are: no line is asked, and the index on the first drives a list.
#[test]
fn columns_state_whose_a_row_is() {
    for (role, internal) in [
        (Role::MissionOfficer, false),
        (Role::LawEnforcement, false),
        (Role::LiaisonOfficer, true),
        (Role::DetailAgent, true),
        (Role::RegionalSecurityOfficer, true),
    ] {
        let (gate, mut binds) = gate(role, internal);
        let held = format!("t.person_id = $1 and (t.agency_id || '') = $2 and (t.role || '') = '{}'", role.name());
        assert_eq!(gate.visible(Kind::AuditEvent, "t", &mut binds), Some(format!("({held})")), "{role:?}");
        let tiers = gate.tiers(Kind::AuditEvent, "t", &mut binds);
        assert_eq!(tiers, format!("(case when {held} then 5 else 0 end)"), "{role:?}");
        assert_eq!(gate.visible_ids(Kind::AuditEvent, None, &mut binds), None, "{role:?}");
        assert_eq!(gate.lines(Kind::AuditEvent), [], "{role:?}");
        assert!(gate.is_stated(Kind::AuditEvent) && !gate.is_stated(Kind::Concern), "{role:?}");
    }
    let (auditor, mut binds) = gate(Role::Auditor, true);
    assert_eq!(auditor.visible(Kind::AuditEvent, "t", &mut binds), None, "all are");
    assert_eq!(auditor.tiers(Kind::AuditEvent, "t", &mut binds), "13");
    assert!(!auditor.is_stated(Kind::AuditEvent), "an index is of use to who sees all");
    // Of another agency nobody is an auditor of everything.
    let (of_another, mut binds) = gate(Role::Auditor, false);
    assert_eq!(of_another.visible(Kind::AuditEvent, "t", &mut binds).as_deref(), Some("(1 = 0)"));
    let (analyst, mut binds) = gate(Role::Analyst, true);
    assert_eq!(analyst.visible(Kind::AuditEvent, "t", &mut binds).as_deref(), Some("(1 = 0)"));
}

/// Law 7: scope keys apply before any predicate of the client's.
#[test]
fn keys_drive_a_list_where_not_every_row_is_visible() {
    let (gate, mut binds) = gate(Role::LawEnforcement, false);
    let ids = gate.visible_ids(Kind::Concern, None, &mut binds);
    assert!(ids.is_some_and(|sql| sql.contains(&format!("v.kind = {}", Kind::Concern.code()))));
    assert_eq!(gate.visible_ids(Kind::SendingState, None, &mut binds), None, "all are visible");
    assert_eq!(gate.visible_ids(Kind::Entry, None, &mut binds), None, "a child is as its parent is");
    assert_eq!(gate.visible_ids(Kind::Person, None, &mut binds), None, "none is visible");
}

/// Nearly every concern has a line of `i:dss`. Whose grounds no such line can have looks for none: what is hidden would
/// cost time.
#[test]
fn a_list_is_looked_for_by_the_keys_that_its_grounds_can_have() {
    for (role, internal, kinds) in [
        (Role::RegionalSecurityOfficer, true, &["a", "p"][..]),
        (Role::DetailAgent, true, &["a", "p"]),
        (Role::LawEnforcement, false, &["a", "p", "s"]),
        (Role::MissionOfficer, false, &["a", "m", "o", "p"]),
    ] {
        let (gate, mut binds) = gate(role, internal);
        let opening = gate.opening(Kind::Concern, "v", false, &mut binds).expect("by lines");
        let bind = binds.into_vec().into_iter().find(|bind| matches!(bind.source, Source::KeysOf(_)));
        assert_eq!(
            bind.map(|bind| bind.source),
            Some(Source::KeysOf(Held { kinds: kinds.iter().copied().collect(), in_circles: true }.into())),
            "{role:?}"
        );
        assert!(opening.keys.starts_with('$'), "{role:?}");
    }
}

/// A merge leaves a key's lines out where none of them shows the row: so each must.
#[test]
fn whatever_opens_a_listed_row_shows_it() {
    for kind in Kind::ALL.into_iter().filter(|kind| definition(*kind).listed.is_some()) {
        for role in Role::ALL {
            for (ground, tiers) in table::grounds(role, kind) {
                assert!(tiers.has(Tier::D), "{role:?} {kind:?} {ground:?}");
            }
        }
    }
}
