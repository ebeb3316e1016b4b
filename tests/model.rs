//! The model and the policy speak of the same fields, and what the planner writes into statements is there.

use chancery::{
    access::{Ground, Kind, fields},
    model::{self, kit::Shape},
};

/// Without its column a ground that one states does not hold.
#[test]
fn what_a_column_states_has_its_column() {
    for kind in Kind::ALL {
        let stated = Ground::stated(kind).iter().flat_map(|(_, holders)| holders.iter().copied());
        let held = model::definition(kind).whose.iter().map(|(holder, _)| *holder);
        assert_eq!(stated.collect::<Vec<_>>(), held.collect::<Vec<_>>(), "{}", kind.name());
    }
}

#[test]
fn every_field_of_the_model_has_a_tier_and_every_tier_line_a_field() {
    let mut missing = Vec::new();
    for kind in Kind::ALL {
        for field in model::definition(kind).fields {
            if fields::tier(kind, field.name).is_none() {
                missing.push(format!("(src/access/fields.rs) add \"{}\" to a tier of {}", field.name, kind.name()));
            }
        }
    }
    for (kind, tier, names) in fields::FIELDS {
        for name in *names {
            if model::definition(*kind).field(name).is_none() {
                missing.push(format!("(src/access/fields.rs) {}.{name} in {tier:?} is no field", kind.name()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_edge_and_connection_leads_to_a_column_of_the_right_table() {
    // The planner writes these names into statements; the statement tests would fail late and far away.
    for kind in Kind::ALL {
        let ty = model::definition(kind);
        assert_eq!(ty.child.is_some(), kind.parent().is_some(), "{}: child and parent must agree", kind.name());
        for field in ty.fields {
            if field.order {
                assert!(
                    matches!(field.shape, Shape::Column { .. }),
                    "{}.{}: only columns order",
                    kind.name(),
                    field.name
                );
            }
        }
        for (name, _) in ty.default_order {
            assert!(ty.field(name).is_some_and(|field| field.order), "{}: default order by {name}", kind.name());
        }
    }
}
