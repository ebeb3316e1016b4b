//! What rows emit, read from what is stored: decisions that an answer shows only in rare worlds.

use chancery::access::{
    AgencyKind, Cui, Ground, Kind, Standing, Tier, Tiers, Tlp,
    emit::{
        ALWAYS, AcknowledgementFacts, Addressee, AdvisoryFacts, Assigned, ConcernFacts, DetailFacts, Emission,
        EntryAudience, EntryFacts, EvidenceFacts, FOREVER, IncidentFacts, LiaisonFacts, MissionChangeFacts,
        MissionFacts, PartFacts, PremisesFacts, ReferralFacts, ReferralStatus, Seat, Severity, ShareFacts, Shared,
        StopFacts, To, VisitFacts, acknowledgement, advisory, concern, detail, entry, evidence, incident, liaison,
        mission_change, of_detail, of_post, part, post, premises, referral, sensitive, share, stop, visit,
    },
};
use chancery::model::definition;

/// Somebody of another agency who is on a detail.
fn guest() -> Assigned {
    Assigned {
        person: "01G".into(),
        of_service: false,
        from: "2026-11-01".into(),
        until: "2026-12-01".into(),
        ends: "2026-11-28".into(),
    }
}

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
            visited: vec![],
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
    let lines =
        liaison(&LiaisonFacts { agency: "a".into(), missions: vec!["m".into(), "n".into()], visited: vec![guest()] });
    assert_eq!(told(&lines, Ground::OwnAgency), [format!("a:a {}", Tiers::ALL)]);
    assert_eq!(told(&lines, Ground::ServesMe).len(), 2);
}

/// Advisories: who is addressed is read as it is stored, and what cannot be read is nobody.
#[test]
fn an_addressee_is_read_as_it_is_stored() {
    for to in [
        Addressee::Area("US-NY".into()),
        Addressee::LawEnforcement,
        Addressee::Missions,
        Addressee::MissionType("EMBASSY".into()),
        Addressee::SendingState("s".into()),
    ] {
        assert_eq!(Addressee::of_row(&to.stored()), Some(to));
    }
    for unreadable in ["", "missions", "MISSIONS:", "LAW_ENFORCEMENT:x", "AREA", "AREA:", "AREA:US-ZZ", "STATE:s"] {
        assert_eq!(Addressee::of_row(unreadable), None, "{unreadable}");
    }
}

/// Advisories: each addressee opens by itself; nobody is nobody.
#[test]
fn an_advisory_opens_to_its_addressees() {
    let opened = |addressees: Vec<Addressee>, missions: &[&str]| {
        let missions = missions.iter().map(ToString::to_string).collect();
        let lines = advisory(&AdvisoryFacts { addressees, missions });
        assert!(lines.iter().all(|line| line.ground == Ground::Audience && line.cap == Tiers::ALL));
        lines.into_iter().map(|line| line.key).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(opened(vec![], &[]), "");
    assert_eq!(opened(vec![Addressee::Missions, Addressee::LawEnforcement], &[]), "k:LAW_ENFORCEMENT k:MISSION");
    assert_eq!(opened(vec![Addressee::MissionType("EMBASSY".into())], &["m"]), "m:m");
    assert_eq!(opened(vec![Addressee::SendingState("s".into())], &["m"]), "m:m o:s");
    assert_eq!(opened(vec![Addressee::Area("NYC".into())], &["m"]), "m:m s:NYC s:US s:US-NY w:NYC");
    let lines = acknowledgement(&AcknowledgementFacts { agency: "a".into() });
    let lines: Vec<String> = lines.iter().map(|line| format!("{} {}", line.key, line.cap)).collect();
    assert_eq!(lines, ["a:a C", "i:dss I"]);
}

/// Advisories: a mission is meant for its type, its state, or where its seat certainly lies.
#[test]
fn a_mission_is_meant_for_what_it_is() {
    let seat = |place: Option<&str>| Seat {
        mission: "m".into(),
        kind: "EMBASSY".into(),
        sending_state: Some("s".into()),
        place: place.map(str::to_owned),
    };
    for (to, place, meant) in [
        (Addressee::MissionType("EMBASSY".into()), None, true),
        (Addressee::MissionType("CONSULATE".into()), None, false),
        (Addressee::SendingState("s".into()), None, true),
        (Addressee::SendingState("t".into()), None, false),
        (Addressee::Area("US-NY".into()), Some("36061"), true),
        (Addressee::Area("36061".into()), Some("NYC"), false),
        (Addressee::Area("36061".into()), None, false),
        (Addressee::Area("36061".into()), Some("36047"), false),
        (Addressee::Missions, Some("36061"), false),
        (Addressee::LawEnforcement, Some("36061"), false),
    ] {
        assert_eq!(to.means(&seat(place)), meant, "{to:?} {place:?}");
    }
    assert!(!Addressee::SendingState("s".into()).means(&Seat { sending_state: None, ..seat(None) }));
}

/// Keys: an agency's kind is everybody's of it; what lies in an area is law enforcement's.
#[test]
fn keys_say_what_an_agency_is_and_where_it_works() {
    let keys = |agency_kind| {
        let standing = Standing {
            agency: "a".into(),
            agency_kind,
            federal: false,
            sending_state: None,
            sending_state_codes: vec![],
            state_wide: false,
            missions: vec![],
            areas: vec!["36061".into(), "nowhere".into()],
            person: "p".into(),
            portfolio: vec![],
            watch: vec![],
            host_state: None,
            post: None,
        };
        let keys = standing.keys("2026-11-22T12:00:00.000000Z");
        let of_advisories = keys.into_iter().filter(|key| key.starts_with("k:") || key.starts_with("w:"));
        of_advisories.filter(|key| !key.contains('/')).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(keys(AgencyKind::Mission), "k:MISSION");
    assert_eq!(keys(AgencyKind::DiplomaticSecurity), "k:DIPLOMATIC_SECURITY");
    assert_eq!(keys(AgencyKind::LawEnforcement), "k:LAW_ENFORCEMENT w:36061 w:NYC w:US w:US-NY");
}

/// A proposed change: for the mission itself and the service, each where it reads what of the mission is protected.
#[test]
fn a_change_is_for_its_mission_and_who_decides() {
    let lines = mission_change(&MissionChangeFacts { mission: "m".into() });
    assert!(lines.iter().all(|line| line.ground == Ground::Audience && line.tlp_max == Tlp::Red));
    let lines: Vec<String> = lines.iter().map(|line| format!("{} {}", line.key, line.cap)).collect();
    assert_eq!(lines, ["i:dss P", "m:m P"]);
}

/// Children are looked for by few of the principal's keys (`Ground::keys_of_children`): they emit no others.
#[test]
fn children_emit_keys_of_five_kinds_in_no_circle() {
    let name = || "01J".to_owned();
    let audiences = [
        EntryAudience::Internal,
        EntryAudience::Mission(name()),
        EntryAudience::Agencies(vec![name(), "01K".to_owned()]),
    ];
    let written = audiences.into_iter().flat_map(|audience| {
        [entry(&EntryFacts { audience: audience.clone() }), evidence(&EvidenceFacts { audience })]
    });
    let others = [
        referral(&ReferralFacts { agency: name() }),
        share(&ShareFacts { to: To::Agency(name()) }),
        share(&ShareFacts { to: To::Person(name()) }),
        acknowledgement(&AcknowledgementFacts { agency: name() }),
        mission_change(&MissionChangeFacts { mission: name() }),
        stop(&StopFacts { mission: name(), places: vec!["NYC".into()], assigned: vec![guest()] }),
        part(&PartFacts { mission: name(), assigned: vec![guest()] }),
        sensitive(&[guest()]),
        of_detail(&[guest()]),
    ];
    let others = others.into_iter().chain(of_posts().map(of_post));
    let held = Ground::keys_of_children();
    for line in written.chain(others).flatten() {
        assert!(held.has(&line.key) && line.ground == Ground::Audience, "{line:?}");
    }
    assert!(!held.has("a:01J/us") && !held.has("e") && !held.has("pf:01J"));
}

/// What hangs on a post, or on an incident.
fn of_posts() -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(|kind| matches!(kind.parent(), Some(Kind::Post | Kind::Incident)))
}

/// What hangs on a post or an incident is the service's where that is read so deep, whatever the marking: its parent's lines
/// say to whom that is, and how long.
#[test]
fn what_hangs_on_a_post_is_for_whom_the_post_is() {
    let told: Vec<String> = of_posts()
        .map(|kind| {
            let lines = of_post(kind);
            let [line] = lines.as_slice() else { panic!("{}: {lines:?}", kind.name()) };
            assert!(line.ground == Ground::Audience && line.tlp_max == Tlp::Red, "{line:?}");
            assert_eq!((line.from.as_str(), line.until.as_str()), (ALWAYS, FOREVER), "{line:?}");
            format!("{} {} {}", kind.name(), line.key, line.cap)
        })
        .collect();
    assert_eq!(
        told,
        [
            "Tour i:dss C",
            "PostProgramme i:dss P",
            "ProgrammeReview i:dss P",
            "Finding i:dss S",
            "Advice i:dss S",
            "IncidentEntry i:dss C"
        ]
    );
}

/// An incident, whatever it is: headquarters' where its marking lets it, of one at home the directory alone; its post's likewise
/// and no other's; and whoever reported it keeps it.
#[test]
fn an_incident_is_for_its_post_and_who_reported_it() {
    for (tlp, at_home) in Tlp::ALL.into_iter().flat_map(|tlp| [(tlp, false), (tlp, true)]) {
        let facts = IncidentFacts { post: "t".into(), at_home, reporter: "r".into(), tlp };
        let lines = incident(&facts);
        let all = Tiers::ALL.to_string();
        let mut right = Vec::new();
        if tlp != Tlp::Red {
            right.push(("i:dss".to_owned(), Ground::Internal, if at_home { "D".to_owned() } else { all.clone() }));
        }
        right.push(("p:r".to_owned(), Ground::Reporter, all.clone()));
        if tlp != Tlp::Red {
            right.push(("post:t".to_owned(), Ground::Post, all));
        }
        let found: Vec<_> = lines.iter().map(|line| (line.key.clone(), line.ground, line.cap.to_string())).collect();
        assert_eq!(found, right, "{facts:?}");
        for line in &lines {
            assert_eq!((line.from.as_str(), line.until.as_str()), (ALWAYS, FOREVER), "{facts:?}");
            // What is RED of an incident that is not, an entry, is for who reported it alone.
            assert_eq!(line.tlp_max == Tlp::Red, line.ground == Ground::Reporter, "{facts:?}");
        }
    }
    // A post: whose it is says the registry, neither its country nor the one it belongs to.
    assert_eq!(post("t").into_iter().map(|line| line.key).collect::<Vec<_>>(), ["post:t"]);
}

/// A visit: its mission's, its state's, the officers'; law enforcement's once it was accepted, by the places of its legs.
#[test]
fn a_visit_opens_by_its_legs_once_it_was_accepted() {
    let facts = |accepted| VisitFacts {
        mission: "m".into(),
        sending_state: Some("s".into()),
        accepted,
        places: vec!["NYC".into(), "nowhere".into()],
        assigned: vec![],
    };
    let keys = |accepted| {
        let lines = visit(&facts(accepted));
        lines.iter().map(|line| format!("{} {}", line.key, line.ground.name())).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(keys(false), "h:s HOST_STATE, m:m OWN, o:s STATE, pf:m PORTFOLIO");
    let venues = "s:NYC VENUE, s:US VENUE, s:US-NY VENUE";
    assert_eq!(keys(true), format!("h:s HOST_STATE, m:m OWN, o:s STATE, pf:m PORTFOLIO, {venues}"));
    let told = |lines: Vec<Emission>| {
        lines.iter().map(|line| format!("{} {}", line.key, line.cap)).collect::<Vec<_>>().join(", ")
    };
    let leg = stop(&StopFacts { mission: "m".into(), places: vec!["36061".into()], assigned: vec![] });
    assert_eq!(told(leg), "i:dss P, m:m P, s:36061 P, s:NYC P, s:US P, s:US-NY P");
    assert_eq!(told(stop(&StopFacts { mission: "m".into(), places: vec![], assigned: vec![] })), "i:dss P, m:m P");
    assert_eq!(told(part(&PartFacts { mission: "m".into(), assigned: vec![] })), "i:dss P, m:m P");
    assert_eq!(told(sensitive(&[])), "i:dss S");
}

/// Of a visit VENUE opens P: so P may hold no value of its own, only lists whose rows have an audience.
#[test]
fn what_is_protected_of_a_visit_are_lists_of_rows_with_an_audience() {
    for name in chancery::access::fields::of(Kind::Visit, Tier::P) {
        let field = definition(Kind::Visit).field(name).expect("a field");
        let to = field.shape.target().expect("a list");
        assert_eq!(to.parent(), Some(Kind::Visit), "{name}");
    }
}

/// Grounds, ASSIGNED: who is on a detail holds it, and what it protects, in their window; a guest beside is in the audience.
#[test]
fn whoever_is_on_a_detail_holds_it_in_their_window() {
    let agent = Assigned { of_service: true, ..guest() };
    let window = |line: &Emission| (line.from.as_str() == "2026-11-01") && (line.until.as_str() == "2026-12-01");
    let facts = DetailFacts { mission: Some("m".into()), assigned: vec![agent.clone()], leader: Some("01L".into()) };
    let lines = detail(&facts);
    assert_eq!(told(&lines, Ground::Own), ["m:m DCPSI"]);
    assert_eq!(told(&lines, Ground::Assigned), ["p:01G DCPSI"]);
    assert_eq!(told(&lines, Ground::OnDetail), ["p:01G DCPSI"]);
    let on = lines.iter().find(|line| line.ground == Ground::OnDetail).expect("a line");
    assert_eq!((on.from.as_str(), on.until.as_str()), ("2026-11-01", "2026-11-28"));
    assert_eq!(told(&lines, Ground::Leads), ["p:01L DCPSI"]);
    assert!(lines.iter().filter(|line| line.ground == Ground::Assigned).all(window));
    let facts = VisitFacts { mission: "m".into(), assigned: vec![agent.clone()], ..VisitFacts::default() };
    assert_eq!(told(&visit(&facts), Ground::Assigned), ["p:01G DCPSI"]);
    let audience = |assigned: &[Assigned]| told(&of_detail(assigned), Ground::Audience).join(", ");
    assert_eq!(audience(&[agent]), "i:dss P", "who is of DSS is in the service's");
    assert_eq!(audience(&[guest()]), "i:dss P, p:01G P");
    let facts = MissionFacts { mission: "m".into(), visited: vec![guest()], ..MissionFacts::default() };
    let residence = PremisesFacts { residence: true };
    assert_eq!(told(&premises(&facts, &residence), Ground::ViaVisit), [""; 0]);
    assert_eq!(told(&premises(&facts, &PremisesFacts::default()), Ground::ViaVisit), ["p:01G DCPSI"]);
}
