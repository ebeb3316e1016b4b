//! What rows emit, read from what is stored: decisions that an answer shows only in rare worlds.

use chancery::access::{
    Cui, Ground, Tier, Tiers, Tlp,
    emit::{
        ConcernFacts, Emission, LiaisonFacts, MissionFacts, PremisesFacts, ReferralStatus, Severity, Shared, To,
        concern, liaison, premises,
    },
};

fn told(lines: &[Emission], ground: Ground) -> Vec<String> {
    let of_ground = lines.iter().filter(|line| line.ground == ground);
    of_ground.map(|line| format!("{} {}", line.key, line.cap)).collect()
}

/// Grounds, REFERRED: what was not declined opens, and what cannot be read does not.
#[test]
fn a_referral_holds_until_it_is_declined() {
    for (stored, status) in [
        ("OFFERED", ReferralStatus::Live),
        ("ACCEPTED", ReferralStatus::Live),
        ("DONE", ReferralStatus::Live),
        ("DECLINED", ReferralStatus::Declined),
        ("?", ReferralStatus::Declined),
    ] {
        assert_eq!(ReferralStatus::of_row(stored), status, "{stored}");
    }
}

/// Grounds, SHARED: a share opens the directory and what its cap adds; one that is revoked, or opens nothing, nothing.
#[test]
fn a_share_opens_what_its_cap_says() {
    for (tier_cap, revoked, opened) in [
        (Tiers::DC, false, &["a:b DC"][..]),
        (Tiers::of(Tier::P), false, &["a:b DP"]),
        (Tiers::DC, true, &[]),
        (Tiers::NONE, false, &[]),
        (Tiers::NONE, true, &[]),
    ] {
        let share = Shared { to: To::Agency("b".into()), tier_cap, tlp_cap: Tlp::Red, expires_at: None, revoked };
        let facts = ConcernFacts {
            mission: "m".into(),
            origin_mission: None,
            origin_state: None,
            reporter: None,
            owner: None,
            severity: Severity::Low,
            tlp: Tlp::Amber,
            cui: Cui::default(),
            place: None,
            shares: vec![share],
            referrals: vec![],
        };
        assert_eq!(told(&concern(&facts), Ground::Shared), opened, "{tier_cap} {revoked}");
    }
}

/// Premises: a residence is open to its mission and to the officer responsible; a kind that cannot be read counts as one.
#[test]
fn a_residence_is_read_as_one() {
    for (kind, residence) in
        [("CHANCERY", false), ("OTHER", false), ("RESIDENCE_HOM", true), ("RESIDENCE_STAFF", true), ("?", true)]
    {
        let facts = PremisesFacts::of_row(kind);
        assert_eq!(facts.residence, residence, "{kind}");
        let lines = premises(&MissionFacts { mission: "m".into(), ..MissionFacts::default() }, &facts);
        assert_eq!(told(&lines, Ground::Internal).is_empty(), residence, "{kind}");
    }
}

/// Liaisons: their agency, and the missions they serve.
#[test]
fn a_liaison_is_for_its_agency_and_whom_it_serves() {
    let lines = liaison(&LiaisonFacts { agency: "a".into(), missions: vec!["m".into(), "n".into()] });
    assert_eq!(told(&lines, Ground::OwnAgency), [format!("a:a {}", Tiers::ALL)]);
    assert_eq!(told(&lines, Ground::ServesMe).len(), 2);
}
