//! The policy holds together: every role a page, no line twice, and the epoch changes with the policy. Only `access` is
//! used here, so that `just mutants` can ask it of `access` alone.

use std::collections::BTreeSet;

use chancery::access::{Command, Ground, Kind, POLICY_EPOCH, Role, Tier, Tlp, fields, page, table};

#[test]
fn a_field_stands_in_one_tier_only() {
    let mut seen = BTreeSet::new();
    for (kind, _, names) in fields::FIELDS {
        for name in *names {
            assert!(seen.insert((kind.name(), *name)), "{}.{name} stands in two tiers", kind.name());
        }
    }
}

#[test]
fn every_role_has_lines_or_is_named_as_having_none() {
    for role in Role::ALL {
        let has_lines = table::TABLE.iter().any(|rule| rule.role == role);
        assert_ne!(has_lines, table::WITHOUT_LINES.contains(&role), "{role}: give it lines in the table or name it");
    }
}

#[test]
fn no_line_stands_twice_and_every_line_opens_the_directory() {
    let mut seen = BTreeSet::new();
    for rule in table::TABLE {
        assert!(seen.insert((rule.role, rule.kind, rule.ground)), "twice: {rule:?}");
        assert!(rule.tiers.has(Tier::D), "a row that is visible on no ground opens nothing: {rule:?}");
        assert!(rule.kind.parent().is_none(), "a child has no line of its own: {rule:?}");
    }
}

/// A command is granted where its row is seen, in one line, and every command to somebody.
#[test]
fn commands_are_granted_on_grounds_that_show_the_row() {
    let mut seen = BTreeSet::new();
    for grant in table::GRANTS {
        assert!(seen.insert((grant.role, grant.kind, grant.ground)), "twice: {grant:?}");
        let tiers = table::tiers(grant.role, grant.kind, grant.ground);
        assert!(tiers.has(Tier::D) && tiers.has(grant.kind.shown_by()), "the ground does not show the row: {grant:?}");
        for command in grant.commands {
            assert_eq!(command.on(), grant.kind, "{} is done on another type: {grant:?}", command.name());
        }
    }
    for command in Command::ALL {
        assert!(Role::ALL.into_iter().any(|role| table::may_ever(role, command)), "{}: nobody may", command.name());
    }
}

/// Whoever may see without being responsible may not change: no grant on what every row, or every place, opens, but
/// to raise about a mission in one's area, to write for DSS, and what is DSS's own to keep: liaisons, the registry,
/// advisories.
#[test]
fn wide_grounds_grant_next_to_nothing() {
    use Command::{AddInternalEntry, RaiseConcern};
    for grant in table::GRANTS {
        let wide = matches!(
            grant.ground,
            Ground::Everyone | Ground::Internal | Ground::State | Ground::Jurisdiction | Ground::ViaConcern
        );
        let kept = matches!(
            (grant.role, grant.kind),
            (Role::Administrator, _) | (Role::LiaisonOfficer, Kind::Liaison | Kind::Agency | Kind::Advisory)
        );
        let harmless = kept || grant.commands.iter().all(|command| matches!(command, RaiseConcern | AddInternalEntry));
        assert!(!wide || harmless, "{grant:?}");
    }
}

#[test]
fn only_roles_of_dss_have_a_line_on_internal_ground() {
    use chancery::access::AgencyKind::{LawEnforcement, Mission};
    for rule in table::TABLE.iter().filter(|rule| rule.ground == Ground::Internal && rule.role != Role::Administrator) {
        for kind in [Mission, LawEnforcement] {
            assert!(!kind.roles().contains(&rule.role), "{rule:?} is granted by {}", kind.name());
        }
    }
}

#[test]
fn grounds_that_always_hold_are_those_of_unmarked_types() {
    for marked in [Kind::Concern, Kind::Incident] {
        assert_eq!(Ground::always(marked), [], "{}", marked.name());
    }
    for kind in Kind::ALL.into_iter().filter(|kind| kind.parent().is_some()) {
        assert_eq!(Ground::always(kind), [], "{}: a child is as its parent is", kind.name());
    }
}

/// Whoever may do something to a row is told the grounds on which, and those that a column states are not told.
#[test]
fn nothing_is_done_to_rows_whose_grounds_a_column_states() {
    let stated: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !Ground::stated(*kind).is_empty()).collect();
    assert_eq!(stated, [Kind::AuditEvent]);
    for kind in Kind::ALL.into_iter().filter(|kind| !Ground::stated(*kind).is_empty()) {
        assert!(kind.parent().is_none(), "{}", kind.name());
        assert!(table::GRANTS.iter().all(|grant| grant.kind != kind), "{}", kind.name());
        assert!(Kind::ALL.into_iter().all(|child| child.parent() != Some(kind)), "{}", kind.name());
    }
}

#[test]
fn markings_withhold_what_the_design_says() {
    let ends = |tlp: Tlp| -> Vec<&str> {
        Ground::ALL.into_iter().filter(|ground| ground.survives() < tlp).map(Ground::name).collect()
    };
    assert_eq!(ends(Tlp::Green), [""; 0]);
    assert_eq!(ends(Tlp::Amber), ["EVERYONE", "JURISDICTION"]);
    assert_eq!(ends(Tlp::AmberStrict), ["EVERYONE", "STATE", "JURISDICTION"]);
    let survivors: Vec<&str> =
        Ground::ALL.into_iter().filter(|ground| ground.survives() == Tlp::Red).map(Ground::name).collect();
    assert_eq!(survivors, ["SHARED", "REPORTER", "OWNER", "WATCH", "ASSIGNED", "AUDIENCE"]);
}

/// The epoch is part of every cursor and of the second wall. A change of the policy without a new epoch fails here,
/// blessed or not: raise `POLICY_EPOCH` and run `just bless`.
#[test]
fn a_change_of_the_policy_raises_the_epoch() {
    let stored = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/policy__policy.snap"));
    let stored = stored.expect("the policy's snapshot");
    let same_epoch = stored.contains(&format!("epoch {POLICY_EPOCH}\n"));
    let same_policy = stored.contains(page::document().trim_end());
    assert!(same_policy || !same_epoch, "the policy changed under epoch {POLICY_EPOCH}: raise POLICY_EPOCH");
    insta::assert_snapshot!("policy", format!("epoch {POLICY_EPOCH}\n\n{}", page::document()));
}
