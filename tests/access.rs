//! Decisions of `access` that an answer shows only in rare worlds, one by one; each says what would break.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

use chancery::access::{
    AgencyKind, Cui, Ground, Kind, Role, Standing, Tier, Tiers, Tlp, area,
    emit::{
        ALWAYS, ConcernFacts, Emission, EntryAudience, EntryFacts, EvidenceFacts, FOREVER, MissionFacts, ReferralFacts,
        ReferralStatus, Referred, Severity, ShareFacts, Shared, To, Via, concern, entry, evidence, mission, post,
        referral, share, via, way_of,
    },
    fields,
};

/// Grounds, JURISDICTION: an area that there cannot be grants nothing.
#[test]
fn only_what_there_is_is_an_area() {
    for known in ["US", "US-NY", "US-DC", "36061", "11001", "NYC"] {
        assert!(area::is_area(known), "{known}");
    }
    for unknown in ["", "US-", "US-ZZ", "US-ny", "NY", "99999", "3606", "360611", "36O61", "nyc", "36 61", "０３６１"]
    {
        assert!(!area::is_area(unknown), "{unknown}");
        assert!(area::areas_containing(unknown).is_empty(), "{unknown}");
        assert!(area::areas_held(&[unknown.to_owned()]).is_empty(), "{unknown}");
    }
}

/// Grounds, JURISDICTION: every county the place may lie in is within the area.
#[test]
fn a_place_lies_in_the_areas_that_wholly_contain_it() {
    for (place, areas) in [
        ("36061", &["36061", "NYC", "US-NY", "US"][..]),
        ("36001", &["36001", "US-NY", "US"]),
        ("NYC", &["NYC", "US-NY", "US"]),
        ("US-NY", &["US-NY", "US"]),
        ("US-DC", &["US-DC", "11001", "US"]),
        ("11001", &["US-DC", "11001", "US"]),
        ("US", &["US"]),
    ] {
        assert_eq!(area::areas_containing(place), areas, "{place}");
    }
}

/// Markings, CUI: a banner that cannot be read counts as the strictest there is.
#[test]
fn a_banner_that_cannot_be_read_is_the_strictest() {
    for banner in [
        "",
        "CUI ",
        "cui",
        "CUI//lei",
        "CUI//LEI!",
        "CUI////NOFORN",
        "CUI//LEI//NOFORN//X",
        "CUI//LEI//SECRET",
        "CUI//LEI//REL_TO",
        "CUI//LEI//REL_TO fr",
        "CUI//LEI//REL_TO F",
        "CUI//LEI//REL_TO FRAN",
        "CUI//LEI//REL_TO FR,",
        "CUI//LEI//REL_TO FR/REL_TO DE",
        "CUI//LEI//nofor",
        "CUI//LEI//",
    ] {
        assert_eq!(Cui::of_row(Some(banner)), Cui::strictest(), "{banner:?}");
    }
}

#[test]
fn a_banner_is_read_as_the_registry_writes_it() {
    let states = |list: &[&str]| Some(list.iter().map(ToString::to_string).collect());
    for (banner, expected) in [
        ("CUI", Cui::default()),
        ("CUI//LEI", Cui::default()),
        ("CUI//SP-LEI_2 B", Cui::default()),
        ("CUI//9", Cui::default()),
        ("CUI//LEI//NOFORN", Cui { noforn: true, ..Cui::default() }),
        ("CUI//LEI//FED ONLY/NOFORN", Cui { noforn: true, fed_only: true, rel_to: None }),
        ("CUI//LEI//REL TO FR, DEU", Cui { rel_to: states(&["FR", "DEU"]), ..Cui::default() }),
    ] {
        assert_eq!(Cui::of_row(Some(banner)), expected, "{banner:?}");
    }
    assert_eq!(Cui::of_row(None), Cui::default());
}

/// Of somebody who has nothing but an agency.
fn standing(agency_kind: AgencyKind) -> Standing {
    Standing {
        agency: "a".into(),
        agency_kind,
        federal: true,
        sending_state: None,
        sending_state_codes: vec![],
        state_wide: false,
        missions: vec![],
        areas: vec![],
        person: "p".into(),
        portfolio: vec![],
        watch: vec![],
        host_state: None,
        post: None,
    }
}

/// Grounds, WATCH: a turn is half-open; it holds from its first instant to before its end.
#[test]
fn a_turn_on_watch_is_half_open() {
    let standing = Standing {
        watch: vec![("2026-11-22T08:00:00.000000Z".into(), "2026-11-22T16:00:00.000000Z".into())],
        ..standing(AgencyKind::DiplomaticSecurity)
    };
    for (now, on_watch) in [
        ("2026-11-22T07:59:59.999999Z", false),
        ("2026-11-22T08:00:00.000000Z", true),
        ("2026-11-22T15:59:59.999999Z", true),
        ("2026-11-22T16:00:00.000000Z", false),
    ] {
        let keys = standing.keys(now);
        assert_eq!(keys.iter().any(|key| key == "d:watch"), on_watch, "{now}: {keys:?}");
    }
}

/// Grounds, JURISDICTION: a partner sees a concern of its area when it is HIGH or CRITICAL.
#[test]
fn severities_are_read_in_their_order() {
    let read: Vec<Severity> = ["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"].into_iter().map(Severity::of_row).collect();
    assert_eq!(read, [Severity::Low, Severity::Low, Severity::Medium, Severity::High, Severity::Critical]);
    assert!(read.is_sorted());
}

/// Grounds, VIA_CONCERN: the way to a mission lasts as long as the longest share that opens it.
#[test]
fn of_several_ways_with_one_key_the_longest_lived_is_kept() {
    let emission = |key: &str, ground: Ground, until: &str| Emission {
        key: key.to_owned(),
        ground,
        cap: Tiers::of(Tier::D),
        from: ALWAYS.to_owned(),
        until: until.to_owned(),
        tlp_max: Tlp::Amber,
    };
    let ways = via(&[
        emission("a:1", Ground::Shared, "2026-01-01T00:00:00.000000Z"),
        emission("a:1", Ground::Shared, "2027-01-01T00:00:00.000000Z"),
        emission("a:1", Ground::Referred, FOREVER),
        emission("a:2", Ground::Shared, "2026-01-01T00:00:00.000000Z"),
        emission("a:1", Ground::Shared, "2026-06-01T00:00:00.000000Z"),
        emission("a:3", Ground::Jurisdiction, FOREVER),
    ]);
    let kept: Vec<(&str, bool, &str)> =
        ways.iter().map(|way| (way.key.as_str(), way.referred, way.until.get(..4).unwrap_or(FOREVER))).collect();
    assert_eq!(kept, [("a:1", false, "2027"), ("a:1", true, FOREVER), ("a:2", false, "2026")]);
}

/// A mission's line tells by which way it has it.
#[test]
fn a_way_is_read_off_the_line_that_was_made_of_it() {
    let way = |key: &str, referred| Via { key: key.into(), referred, from: ALWAYS.into(), until: FOREVER.into() };
    let ways = vec![way("a:1", false), way("a:1", true), way("p:2", false)];
    let facts = MissionFacts { mission: "m".into(), via: ways.clone(), ..MissionFacts::default() };
    let mut read: Vec<Via> = mission(&facts).iter().filter_map(way_of).collect();
    read.sort_unstable();
    assert_eq!(read, ways);
}

/// Grounds, POST: the key of a post is held by who is of DSS, whatever the registry says of others; and a post gives
/// no host state.
#[test]
fn only_who_is_of_the_service_holds_a_post() {
    for kind in AgencyKind::ALL {
        let keys = Standing { post: Some("1".into()), ..standing(kind) }.keys("2026-11-22T12:00:00.000000Z");
        assert_eq!(keys.contains(&"post:1".to_owned()), kind == AgencyKind::DiplomaticSecurity, "{keys:?}");
        assert!(!keys.iter().any(|key| key.starts_with("h:")), "{keys:?}");
    }
}

/// Grounds, POST: the officer's own post, and nobody else by it.
#[test]
fn a_post_is_open_to_whoever_is_posted_to_it() {
    let lines: Vec<(String, Ground, Tiers)> =
        post("01").into_iter().map(|line| (line.key, line.ground, line.cap)).collect();
    assert_eq!(lines, [("post:01".to_owned(), Ground::Post, Tiers::ALL)]);
}

/// The visibility table, the index of words and the second wall hold these numbers: one that changes makes the lines of
/// one type, or of one ground, those of another.
#[test]
fn types_and_grounds_keep_their_numbers() {
    let kinds = Kind::ALL.map(|kind| format!("{} {}", kind.code(), kind.name())).join(", ");
    assert_eq!(
        kinds,
        "1 SendingState, 2 Agency, 3 Person, 4 Mission, 5 Premises, 6 SecurityContact, 7 Liaison, 8 Concern, 9 Entry, 10 Referral, 11 Share, 12 Post, 13 Evidence, 14 Advisory, 15 Acknowledgement, 16 MissionChange, 18 Visit, 19 Venue, 20 Leg, 21 Delegate, 22 PortCourtesy, 23 WeaponsNotice, 24 VisitConflict, 25 ProtectiveDetail, 26 Assignment, 27 Shift, 28 AdvanceNote, 29 Tour, 30 PostProgramme, 31 ProgrammeReview, 32 Finding, 33 Advice, 34 Incident, 35 IncidentEntry, 17 AuditEvent"
    );
    let grounds = Ground::ALL.map(|ground| format!("{} {}", ground.code(), ground.name())).join(", ");
    assert_eq!(
        grounds,
        "1 EVERYONE, 2 INTERNAL, 3 OWN, 4 STATE, 5 JURISDICTION, 6 SHARED, 7 REFERRED, 8 REPORTER, 9 OWNER, 10 WATCH, 11 ASSIGNED, 23 ON_DETAIL, 22 LEADS, 12 PORTFOLIO, 13 OWN_AGENCY, 14 SERVES_ME, 21 VENUE, 15 VIA_VISIT, 16 VIA_CONCERN, 17 HOST_STATE, 19 POST, 18 AUDIENCE, 20 ACTOR"
    );
}

/// Grounds, JURISDICTION: New York City is its five boroughs, the District of Columbia is one area under two names.
#[test]
fn confirmed_areas_are_held_under_all_their_names() {
    let held = |confirmed: &[&str]| -> Vec<String> {
        area::areas_held(&confirmed.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(held(&["36061"]), ["36061"]);
    assert_eq!(held(&["11001"]), ["11001", "US-DC"]);
    assert_eq!(held(&["US-DC"]), ["11001", "US-DC"]);
    assert_eq!(held(&["36005", "36047", "36061", "36081"]), ["36005", "36047", "36061", "36081"], "four of five");
    assert_eq!(
        held(&["36085", "36005", "36047", "36061", "36081"]),
        ["36005", "36047", "36061", "36081", "36085", "NYC"]
    );
}

/// Fields: a name belongs to its type's tier, whatever another type calls by it.
#[test]
fn a_field_is_in_the_tier_of_its_own_type() {
    for (kind, field, tier) in [
        (Kind::Mission, "name", Some(Tier::D)),
        (Kind::Liaison, "name", Some(Tier::C)),
        (Kind::Mission, "email", Some(Tier::C)),
        (Kind::Concern, "title", Some(Tier::C)),
        (Kind::Mission, "title", None),
        (Kind::Concern, "nothing", None),
        (Kind::Agency, "watchPhone", Some(Tier::C)),
        (Kind::Entry, "tlp", Some(Tier::C)),
        (Kind::Concern, "tlp", Some(Tier::D)),
    ] {
        assert_eq!(fields::tier(kind, field), tier, "{}.{field}", kind.name());
    }
    assert!(fields::of(Kind::Person, Tier::P).eq(["mobilePhone"]));
}

/// Markings: their order is what withholds, and the visibility table holds the ranks.
#[test]
fn markings_are_read_and_ranked_in_their_order() {
    let known = Tlp::ALL.map(|tlp| format!("{} {}", tlp.rank(), tlp.name())).join(", ");
    assert_eq!(known, "0 CLEAR, 1 GREEN, 2 AMBER, 3 AMBER_STRICT, 4 RED");
    for tlp in Tlp::ALL {
        assert_eq!(tlp.name().parse(), Ok(tlp));
    }
    assert_eq!("PINK".parse::<Tlp>(), Err(()));
    assert!(Tlp::ALL.is_sorted());
}

/// What of a concern decides, with every ground that a concern offers.
fn facts(tlp: Tlp, cui: &str) -> ConcernFacts {
    let share = |to| Shared { to, tier_cap: Tiers::DC, tlp_cap: Tlp::Red, expires_at: None, revoked: false };
    ConcernFacts {
        mission: "m".into(),
        origin_mission: Some("o".into()),
        origin_state: Some("s".into()),
        reporter: Some("r".into()),
        owner: None,
        severity: Severity::High,
        tlp,
        cui: Cui::of_row(Some(cui)),
        place: Some("36001".into()),
        shares: vec![share(To::Agency("b".into())), share(To::Person("q".into()))],
        referrals: vec![Referred { agency: "c".into(), status: ReferralStatus::Live }],
        visited: vec![],
    }
}

/// Markings, TLP: what each withholds, and nothing else.
#[test]
fn a_marking_withholds_its_grounds_and_no_other() {
    let all = ["a:b", "a:c", "d:watch", "i:dss", "m:o", "o:s", "p:q", "p:r", "pf:m", "s:36001", "s:US", "s:US-NY"];
    let without = |gone: &[&str]| -> Vec<String> {
        all.iter().filter(|key| !gone.contains(key)).map(ToString::to_string).collect()
    };
    let jurisdiction = ["s:36001", "s:US", "s:US-NY"];
    let red = ["a:b", "a:c", "i:dss", "m:o", "o:s", "pf:m", "s:36001", "s:US", "s:US-NY"];
    for (tlp, gone) in [
        (Tlp::Clear, &[][..]),
        (Tlp::Green, &[]),
        (Tlp::Amber, &jurisdiction),
        (Tlp::AmberStrict, &[&jurisdiction[..], &["o:s"]].concat()),
        (Tlp::Red, &red),
    ] {
        let mut keys: Vec<String> = concern(&facts(tlp, "CUI")).into_iter().map(|line| line.key).collect();
        keys.sort_unstable();
        assert_eq!(keys, without(gone), "{tlp:?}");
    }
}

/// Markings, CUI: a control is on the key of every ground alike.
#[test]
fn a_control_goes_with_every_key() {
    for (banner, suffixes) in [
        ("CUI", &[""][..]),
        ("CUI//LEI//NOFORN", &["/us"]),
        ("CUI//LEI//FED_ONLY", &["/fed"]),
        ("CUI//LEI//REL_TO FR,DEU", &["/us", "/rel:FR", "/rel:DEU"]),
    ] {
        let lines = concern(&facts(Tlp::Clear, banner));
        for key in ["i:dss", "m:o", "a:c", "s:US-NY", "p:r"] {
            let mut found: Vec<&str> = lines.iter().filter_map(|line| line.key.strip_prefix(key)).collect();
            found.retain(|rest| rest.is_empty() || rest.starts_with('/'));
            let mut expected = suffixes.to_vec();
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected, "{banner} {key}");
        }
    }
}

/// Grounds, INTERNAL: DSS, and nobody else.
#[test]
fn only_the_service_is_internal() {
    for kind in AgencyKind::ALL {
        let standing = standing(kind);
        assert_eq!(standing.is_internal(), kind == AgencyKind::DiplomaticSecurity, "{}", kind.name());
        let keys = standing.keys("2026-11-22T12:00:00.000000Z");
        assert_eq!(keys.iter().any(|key| key.starts_with("i:dss")), standing.is_internal(), "{keys:?}");
    }
}

/// Roles and kinds are known by their names, and by no others.
#[test]
fn roles_are_read_as_they_are_written() {
    for role in Role::ALL {
        assert_eq!((role.to_string().as_str(), role.name().parse()), (role.name(), Ok(role)));
    }
    for kind in AgencyKind::ALL {
        assert_eq!(kind.name().parse(), Ok(kind));
    }
    let names = Role::ALL.map(Role::name).join(" ");
    assert_eq!(
        names,
        "MISSION_OFFICER LAW_ENFORCEMENT ANALYST LIAISON_OFFICER DETAIL_AGENT REGIONAL_SECURITY_OFFICER ADMINISTRATOR AUDITOR"
    );
    assert_eq!(("".parse::<Role>(), "NOBODY".parse::<AgencyKind>()), (Err(()), Err(())));
}

/// Shares: a cap is letters of tiers, each once; one that cannot be read opens nothing.
#[test]
fn a_cap_is_read_by_its_letters() {
    for (letters, tiers) in
        [("", Tiers::NONE), ("D", Tiers::D), ("DC", Tiers::DC), ("CD", Tiers::DC), ("DCPS", Tiers::DCPS)]
    {
        assert_eq!((Tiers::parse(letters), Tiers::of_row(letters)), (Some(tiers), tiers), "{letters}");
    }
    for letters in ["X", "DX", "DD", "d", "D C"] {
        assert_eq!((Tiers::parse(letters), Tiers::of_row(letters)), (None, Tiers::NONE), "{letters}");
    }
}

/// Tiers are sets.
#[test]
fn tiers_are_sets() {
    let mut set = Tiers::NONE;
    assert!(set.is_empty() && !Tiers::D.is_empty());
    set |= Tiers::of(Tier::P);
    set |= Tiers::of(Tier::D);
    assert_eq!(set.to_string(), "DP");
    assert!(Tiers::DCP.covers(set) && !set.covers(Tiers::DCP));
}

/// Entries: for whom one was written; one that cannot be read is internal.
#[test]
fn an_audience_is_read_as_it_is_stored() {
    let read = |stored: &str, mission: Option<&str>| {
        EntryAudience::of_row(stored, mission.map(str::to_owned), vec!["a".to_owned()])
    };
    assert_eq!(read("MISSION", Some("m")), EntryAudience::Mission("m".to_owned()));
    assert_eq!(read("MISSION", None), EntryAudience::Internal);
    assert_eq!(read("AGENCIES", Some("m")), EntryAudience::Agencies(vec!["a".to_owned()]));
    assert_eq!(read("INTERNAL", Some("m")), EntryAudience::Internal);
    assert_eq!(read("EVERYBODY", Some("m")), EntryAudience::Internal);
}

/// Children: for whom an entry, a referral and a share are, and which tier their concern must show.
#[test]
fn a_child_is_for_whom_it_names() {
    let told = |lines: Vec<Emission>| {
        lines.iter().map(|line| format!("{} {}", line.key, line.cap)).collect::<Vec<_>>().join(", ")
    };
    let entry_for = |audience| told(entry(&EntryFacts { audience }));
    assert_eq!(entry_for(EntryAudience::Internal), "i:dss I");
    assert_eq!(entry_for(EntryAudience::Mission("m".into())), "i:dss C, m:m C");
    assert_eq!(entry_for(EntryAudience::Agencies(vec!["b".into(), "a".into()])), "a:a C, a:b C, i:dss C");
    let evidence_for = |audience| told(evidence(&EvidenceFacts { audience }));
    assert_eq!(evidence_for(EntryAudience::Internal), "i:dss I");
    assert_eq!(evidence_for(EntryAudience::Mission("m".into())), "i:dss P, m:m P");
    assert_eq!(evidence_for(EntryAudience::Agencies(vec!["b".into(), "a".into()])), "a:a P, a:b P, i:dss P");
    assert_eq!(told(referral(&ReferralFacts { agency: "a".into() })), "a:a S, i:dss S");
    assert_eq!(told(share(&ShareFacts { to: To::Agency("a".into()) })), "a:a P, i:dss P");
    assert_eq!(told(share(&ShareFacts { to: To::Person("p".into()) })), "i:dss P, p:p P");
}
