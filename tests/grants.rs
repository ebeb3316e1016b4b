//! What the table grants, who is in the circle of a banner, and what lines open: quick tests of decisions that the
//! matrix and the desk's tests see too, for `just mutants`. Only `access` is used here.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

use chancery::access::{
    AgencyKind::{self, DiplomaticSecurity, LawEnforcement, Mission},
    Command, Cui, Ground, Kind, Role, Tier, Tiers, Tlp,
    emit::{ALWAYS, Emission, FOREVER, MissionFacts, PersonFacts, Via, agency, mission, person, security_contact},
    lines, table,
};

/// The table: a ground grants what its line names, and no other ground does.
#[test]
fn a_ground_grants_what_its_line_names() {
    for role in Role::ALL {
        for kind in Kind::ALL {
            for ground in Ground::ALL {
                let line = |grant: &&table::Grant| (grant.role, grant.kind, grant.ground) == (role, kind, ground);
                let named: Vec<Command> =
                    table::GRANTS.iter().filter(line).flat_map(|grant| grant.commands.to_vec()).collect();
                let granted: Vec<Command> = table::commands(role, kind, ground).collect();
                assert_eq!(granted, named, "{role} {} {}", kind.name(), ground.name());
            }
        }
        for command in Command::ALL {
            let named = table::GRANTS.iter().any(|grant| grant.role == role && grant.commands.contains(&command));
            assert_eq!(table::may_ever(role, command), named, "{role} {}", command.name());
        }
    }
}

/// The table: who raises, who answers, who judges; nobody else.
#[test]
fn who_may_do_what_at_all() {
    let roles = |command: Command| -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| table::may_ever(*role, command)).collect()
    };
    assert_eq!(roles(Command::RaiseConcern), [Role::MissionOfficer, Role::LawEnforcement]);
    assert_eq!(roles(Command::AcknowledgeConcern), [Role::LiaisonOfficer]);
    assert_eq!(roles(Command::AcceptReferral), [Role::LawEnforcement]);
    assert_eq!(roles(Command::AddInternalEntry), [Role::Analyst, Role::LiaisonOfficer]);
    assert_eq!(roles(Command::EnrolPerson), [Role::Administrator]);
    assert_eq!(roles(Command::ProposeMissionChange), [Role::MissionOfficer]);
    assert_eq!(roles(Command::AcceptMissionChange), [Role::LiaisonOfficer]);
    let decides: Vec<Command> = table::commands(Role::LiaisonOfficer, Kind::MissionChange, Ground::Portfolio).collect();
    assert_eq!(decides, [Command::AcceptMissionChange, Command::DeclineMissionChange]);
    assert_eq!(table::commands(Role::LiaisonOfficer, Kind::MissionChange, Ground::Internal).count(), 0);
    // What protects a post, and what happens there, is its officer's to write down; headquarters reads.
    for command in Command::ALL {
        let on = command.on();
        if [on, on.parent().unwrap_or(on)].iter().any(|kind| matches!(kind, Kind::Post | Kind::Incident)) {
            assert_eq!(roles(command), [Role::RegionalSecurityOfficer], "{}", command.name());
        }
    }
    let of_incidents = |ground| table::commands(Role::RegionalSecurityOfficer, Kind::Incident, ground);
    assert_eq!(
        of_incidents(Ground::Post).collect::<Vec<_>>(),
        of_incidents(Ground::Reporter).collect::<Vec<_>>(),
        "one that is RED is its reporter's"
    );
    assert!(of_incidents(Ground::Post).count() > 5);
    // Who is trusted how far is said by the service alone: on no other ground.
    for command in [
        Command::RegisterAgency,
        Command::SetAgencyCeiling,
        Command::AddAgencyKey,
        Command::SetAgencyKeySource,
        Command::SuspendAgency,
        Command::RevokeAgencyTokens,
    ] {
        assert_eq!(roles(command), [Role::Administrator]);
        for ground in Ground::ALL {
            let granted = table::commands(Role::Administrator, Kind::Agency, ground).any(|named| named == command);
            assert_eq!(granted, ground == Ground::Internal, "{} {}", command.name(), ground.name());
        }
    }
    let own: Vec<Command> = table::commands(Role::MissionOfficer, Kind::SecurityContact, Ground::Own).collect();
    assert_eq!(own, [Command::UpdateSecurityContact, Command::RemoveSecurityContact]);
    assert_eq!(table::commands(Role::MissionOfficer, Kind::SecurityContact, Ground::State).count(), 0);
}

/// The table: an officer is responsible where a concern may be taken on.
#[test]
fn who_is_responsible() {
    assert_eq!(table::responsible(Role::LiaisonOfficer), [Ground::Owner, Ground::Watch, Ground::Portfolio]);
    for role in Role::ALL.into_iter().filter(|role| *role != Role::LiaisonOfficer) {
        assert_eq!(table::responsible(role), [], "{role}");
    }
}

/// CUI: NOFORN is never for a foreign mission, FED_ONLY only for federal agencies, REL_TO only for missions of the states
/// that are named.
#[test]
fn a_banner_lets_go_to_its_circle_only() {
    let open = |banner: &str, kind: AgencyKind, federal: bool, code: &str| {
        let cui: Cui = banner.parse().expect("a banner");
        cui.is_open_to(kind, federal, &[code.to_owned()])
    };
    for (banner, french, german, police, federal_police, dss) in [
        ("CUI//LEI", true, true, true, true, true),
        ("CUI//LEI//NOFORN", false, false, true, true, true),
        ("CUI//LEI//FED_ONLY", false, false, false, true, true),
        ("CUI//LEI//REL_TO FR", true, false, true, true, true),
        ("CUI//LEI//NOFORN/REL_TO FR", false, false, true, true, true),
    ] {
        assert_eq!(open(banner, Mission, false, "FR"), french, "{banner}, French");
        // That a mission's agency is said to be federal makes it none.
        assert_eq!(open(banner, Mission, true, "DE"), german, "{banner}, German");
        assert_eq!(open(banner, LawEnforcement, false, "FR"), police, "{banner}, police");
        assert_eq!(open(banner, LawEnforcement, true, ""), federal_police, "{banner}, federal police");
        assert_eq!(open(banner, DiplomaticSecurity, false, ""), dss, "{banner}, DSS");
    }
}

/// CUI: a control that stands where the category does would be shown and enforce nothing.
#[test]
fn no_control_stands_in_the_place_of_a_category() {
    for banner in
        ["CUI//NOFORN", "CUI//FED ONLY", "CUI//FED_ONLY", "CUI//REL TO", "CUI//LEI/NOFORN", "CUI//LEI-FED_ONLY"]
    {
        assert_eq!(banner.parse::<Cui>(), Err(()), "{banner}");
    }
    for banner in ["CUI//LEI", "CUI//SP-LEI", "CUI//FED", "CUI//ONLY FED", "CUI//TO REL"] {
        assert!(banner.parse::<Cui>().is_ok(), "{banner}");
    }
}

/// Tiers as they are stored: bits.
#[test]
fn tiers_are_bits() {
    assert_eq!(Tiers::ALL.bits(), 31);
    assert_eq!([Tiers::D, Tiers::DC, Tiers::DCP, Tiers::DCPS, Tiers::DCSI].map(Tiers::bits), [1, 3, 7, 15, 27]);
    assert_eq!(Tier::ALL.map(|tier| Tiers::of(tier).bits()), [1, 2, 4, 8, 16]);
    assert_eq!(Tiers::from_bits(0), Tiers::NONE);
    assert_eq!(Tiers::from_bits(0b0110_0101).bits(), 5, "what is no tier is dropped");
    assert_eq!(Tiers::DCP & Tiers::DS, Tiers::D);
    assert_eq!(Tiers::DC & Tiers::of(Tier::P), Tiers::NONE);
}

fn line(key: &str, ground: Ground, cap: Tiers, from: &str, until: &str) -> Emission {
    Emission { key: key.into(), ground, cap, from: from.into(), until: until.into(), tlp_max: Tlp::Red }
}

/// Lines: what is held opens what the table says for its ground, no deeper than its cap, in its window (half-open).
#[test]
fn lines_open_what_the_gate_opens() {
    let keys = ["a:1".to_owned(), "p:1".to_owned()];
    let all = [
        line("a:1", Ground::Shared, Tiers::DC, "2026-01-01", "2026-02-01"),
        line("a:1", Ground::Referred, Tiers::ALL, ALWAYS, FOREVER),
        line("a:2", Ground::Shared, Tiers::ALL, ALWAYS, FOREVER),
        line("p:1", Ground::Own, Tiers::ALL, ALWAYS, FOREVER),
    ];
    let depth = |lines: &[Emission], now: &str| {
        lines::opened(Role::LawEnforcement, false, Kind::Concern, lines::held(lines, &keys, now)).to_string()
    };
    assert_eq!(depth(&all[..1], "2026-01-01"), "DC", "capped by the share");
    assert_eq!(depth(&all[..1], "2025-12-31"), "–");
    assert_eq!(depth(&all[..1], "2026-02-01"), "–", "the first instant after");
    assert_eq!(depth(&all[..2], "2026-01-15"), "DCPS");
    assert_eq!(depth(&all[2..], "2026-01-15"), "–", "another's key, and a ground that opens nothing to the role");
    assert_eq!(lines::held(&all, &keys, "2026-01-15").count(), 3);
    // A child above the marking that its ground survives is closed; the furthest line counts.
    let reach = |lines: &[Emission], tier| lines::reach(Role::LawEnforcement, Kind::Concern, tier, lines.iter());
    let amber = Emission { tlp_max: Tlp::Amber, ..all[0].clone() };
    assert_eq!(reach(std::slice::from_ref(&amber), Tier::C), Some(Tlp::Amber));
    assert_eq!(reach(&[amber.clone(), all[1].clone()], Tier::C), Some(Tlp::Red));
    assert_eq!(reach(&[amber], Tier::P), None, "beyond the share's cap");
    assert_eq!(reach(&all[3..], Tier::D), None, "no ground of the role's");
    // On a desk by OWNER, WATCH or PORTFOLIO, where it is seen at all.
    let owned = line("p:1", Ground::Owner, Tiers::D, ALWAYS, FOREVER);
    let unseen = line("p:1", Ground::Owner, Tiers::of(Tier::C), ALWAYS, FOREVER);
    let is_mine = |role, lines: &[Emission]| lines::is_responsible(role, lines.iter());
    assert!(is_mine(Role::LiaisonOfficer, &[all[0].clone(), owned.clone()]));
    assert!(!is_mine(Role::LiaisonOfficer, &all) && !is_mine(Role::LiaisonOfficer, &[unseen]));
    assert!(!is_mine(Role::LawEnforcement, &[owned]), "nobody else has a desk");
    // What every row offers needs no line; INTERNAL only to DSS.
    let always = |role, internal, kind| lines::opened(role, internal, kind, [].iter()).to_string();
    assert_eq!(always(Role::LawEnforcement, false, Kind::Agency), "D");
    assert_eq!(always(Role::Analyst, true, Kind::Agency), "DC");
    assert_eq!(always(Role::Analyst, true, Kind::Concern), "–");
    assert_eq!(
        always(Role::Administrator, true, Kind::Person),
        table::tiers(Role::Administrator, Kind::Person, Ground::Internal).to_string()
    );
    assert_eq!(always(Role::Administrator, false, Kind::Person), "–");
}

fn told(lines: &[Emission]) -> Vec<String> {
    lines.iter().map(|line| format!("{} {} {}", line.key, line.ground.name(), line.cap)).collect()
}

/// Grounds, OWN_AGENCY: agencies and persons are of their agency.
#[test]
fn agencies_and_persons_are_of_their_agency() {
    assert_eq!(told(&agency("1")), ["a:1 OWN_AGENCY DCPSI"]);
    assert_eq!(told(&person(&PersonFacts { agency: "1".into() })), ["a:1 OWN_AGENCY DCPSI"]);
}

/// Grounds, OWN to VIA_CONCERN: what opens a mission and its contacts.
#[test]
fn a_mission_is_open_to_whom_it_concerns() {
    let via = |key: &str, referred| Via { key: key.into(), referred, from: ALWAYS.into(), until: FOREVER.into() };
    let facts = MissionFacts {
        mission: "m".into(),
        sending_state: Some("s".into()),
        place: Some("11001".into()),
        via: vec![via("a:1", false), via("a:2", true)],
        visited: vec![],
    };
    let all = ["m:m OWN DCPSI", "o:s STATE DCPSI", "pf:m PORTFOLIO DCPSI", "h:s HOST_STATE DCPSI"];
    for lines in [told(&mission(&facts)), told(&security_contact(&facts))] {
        for expected in all {
            assert!(lines.iter().any(|line| line == expected), "{expected} in {lines:?}");
        }
        assert!(lines.contains(&"a:2 VIA_CONCERN DC".to_owned()), "{lines:?}");
        assert!(lines.iter().any(|line| line == "s:11001 JURISDICTION DCPSI"), "{lines:?}");
    }
    assert!(told(&mission(&facts)).contains(&"a:1 VIA_CONCERN D".to_owned()));
    assert!(!told(&security_contact(&facts)).iter().any(|line| line.starts_with("a:1 ")), "a share alone reaches none");
    let nowhere = MissionFacts { mission: "m".into(), ..MissionFacts::default() };
    assert_eq!(told(&mission(&nowhere)), ["m:m OWN DCPSI", "pf:m PORTFOLIO DCPSI"]);
}
