//! The agencies of the demo and who is enrolled in them.

use super::{DemoPeople, DemoPerson};
use crate::access::{
    AgencyKind,
    Role::{
        self, Administrator, Analyst, Auditor, DetailAgent, LawEnforcement, LiaisonOfficer, MissionOfficer,
        RegionalSecurityOfficer,
    },
};

/// An agency. The law enforcement agencies are real, with their ORI where it is public; the rest of the line is the
/// demo's.
pub(super) struct Agency {
    pub(super) short_name: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: AgencyKind,
    pub(super) level: &'static str,
    pub(super) ori: Option<&'static str>,
    pub(super) issuer: &'static str,
    pub(super) watch_phone: &'static str,
    /// Areas that the demo confirms.
    pub(super) areas: &'static [&'static str],
    /// Names of the missions it is registered for.
    pub(super) missions: &'static [&'static str],
    /// ISO 3166-1 alpha-2 of its sending state.
    pub(super) sending_state: Option<&'static str>,
    pub(super) state_wide: bool,
}

const fn police(
    short_name: &'static str,
    name: &'static str,
    level: &'static str,
    ori: Option<&'static str>,
    issuer: &'static str,
    watch_phone: &'static str,
    areas: &'static [&'static str],
) -> Agency {
    let kind = AgencyKind::LawEnforcement;
    Agency {
        short_name,
        name,
        kind,
        level,
        ori,
        issuer,
        watch_phone,
        areas,
        missions: &[],
        sending_state: None,
        state_wide: false,
    }
}

const fn mission(
    short_name: &'static str,
    name: &'static str,
    issuer: &'static str,
    watch_phone: &'static str,
    missions: &'static [&'static str],
    sending_state: Option<&'static str>,
    state_wide: bool,
) -> Agency {
    let kind = AgencyKind::Mission;
    Agency {
        short_name,
        name,
        kind,
        level: "OTHER",
        ori: None,
        issuer,
        watch_phone,
        areas: &[],
        missions,
        sending_state,
        state_wide,
    }
}

#[rustfmt::skip]
pub(super) const AGENCIES: &[Agency] = &[
    Agency { short_name: "DSS", name: "Diplomatic Security Service", kind: AgencyKind::DiplomaticSecurity, level: "FEDERAL", ori: None,
             issuer: "https://id.dss.example", watch_phone: "+12025550100", areas: &[], missions: &[], sending_state: None, state_wide: false },

    police("NYPD", "New York City Police Department", "CITY", Some("NY0303000"), "https://id.nypd.example", "+12125550110", &["36005", "36047", "36061", "36081", "36085"]),
    police("MPD", "Metropolitan Police Department", "CITY", Some("DCMPD0000"), "https://id.mpd.example", "+12025550111", &["US-DC"]),
    police("LAPD", "Los Angeles Police Department", "CITY", Some("CA0194200"), "https://id.lapd.example", "+12135550112", &["06037"]),
    police("CPD", "Chicago Police Department", "CITY", Some("ILCPD0000"), "https://id.cpd.example", "+13125550113", &["17031"]),
    police("HPD", "Houston Police Department", "CITY", Some("TXHPD0000"), "https://id.hpd.example", "+17135550114", &["48201"]),
    police("SFPD", "San Francisco Police Department", "CITY", Some("CA0380100"), "https://id.sfpd.example", "+14155550115", &["06075"]),
    police("MDPD", "Miami-Dade County Police Department", "COUNTY", Some("FL0130000"), "https://id.mdpd.example", "+13055550116", &["12086"]),
    police("BPD", "Boston Police Department", "CITY", Some("MA0130100"), "https://id.bpd.example", "+16175550117", &["25025"]),
    police("APD", "Atlanta Police Department", "CITY", Some("GAAPD0000"), "https://id.apd.example", "+14045550118", &["13121"]),
    police("SPD", "Seattle Police Department", "CITY", Some("WASPD0000"), "https://id.spd.example", "+12065550119", &["53033"]),
    police("HCSO", "Harris County Sheriff's Office", "COUNTY", Some("TX1010000"), "https://id.hcso.example", "+17135550120", &["48201"]),
    police("LASD", "Los Angeles County Sheriff's Office", "COUNTY", Some("CA0190000"), "https://id.lasd.example", "+12135550121", &["06037"]),
    police("NYSP", "New York State Police", "STATE", None, "https://id.nysp.example", "+15185550122", &["US-NY"]),
    police("USSS", "United States Secret Service", "FEDERAL", None, "https://id.usss.example", "+12025550123", &["US"]),
    police("USCP", "United States Capitol Police", "FEDERAL", None, "https://id.uscp.example", "+12025550124", &["US-DC"]),
    police("FBI", "Federal Bureau of Investigation", "FEDERAL", None, "https://id.fbi.example", "+12025550125", &["US"]),

    mission("FRANCE", "Security Office of the Embassy of France", "https://id.france.example", "+12025550130",
            &["Embassy of France", "Consulate General of France in New York"], Some("FR"), true),
    mission("GERMANY", "Security Office of the Embassy of Germany", "https://id.germany.example", "+12025550131",
            &["Embassy of Germany"], Some("DE"), false),
    mission("MEXICO-HOUSTON", "Security Office of the Consulate General of Mexico in Houston", "https://id.mexico-houston.example", "+17135550132",
            &["Consulate General of Mexico in Houston"], Some("MX"), false),
    mission("EU-DELEGATION", "Security Office of the Delegation of the European Union", "https://id.eu-delegation.example", "+12025550133",
            &["Delegation of the European Union to the United States"], None, false),
];

/// Someone who is enrolled.
pub(super) struct Member {
    pub(super) agency: &'static str,
    pub(super) subject: &'static str,
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) role: Role,
}

impl Member {
    /// Whether the demo casts the person in a role. It decides nothing about access.
    pub(super) fn plays(&self, role: Role) -> bool {
        self.role.eq(&role)
    }
}

const fn member(
    agency: &'static str,
    subject: &'static str,
    name: &'static str,
    unit: &'static str,
    role: Role,
) -> Member {
    Member { agency, subject, name, unit, role }
}

/// A machine has this unit, and is never sworn.
pub(super) const MACHINE: &str = "Dispatch system";

/// Whose posting is Paris.
pub(super) const HOST_STATE: &str = "FR";
/// The post there, by Wikidata item.
pub(super) const POST: &str = "Q894836";

/// The first of a role is whom the demo mints a token for.
#[rustfmt::skip]
pub(super) const MEMBERS: &[Member] = &[
    member("FRANCE", "camille.aubert", "Camille Aubert", "Security Office", MissionOfficer),
    member("FRANCE", "hugo.lenoir", "Hugo Lenoir", "Security Office", MissionOfficer),
    member("FRANCE", "ines.fabre", "Inès Fabre", "Administration", Administrator),
    member("GERMANY", "jonas.reuter", "Jonas Reuter", "Security Office", MissionOfficer),
    member("MEXICO-HOUSTON", "lucia.arrieta", "Lucía Arrieta", "Consular Protection", MissionOfficer),
    member("EU-DELEGATION", "marek.horvat", "Marek Horvat", "Security Office", MissionOfficer),

    member("NYPD", "d.castellano", "Det. Dana Castellano", "Intelligence Bureau", LawEnforcement),
    member("NYPD", "cad", "NYPD dispatch", MACHINE, LawEnforcement),
    member("NYPD", "admin", "R. Whitlock", "Information Technology", Administrator),
    member("MPD", "t.beaumont", "Sgt. Terrence Beaumont", "Special Operations Division", LawEnforcement),
    member("MPD", "cad", "MPD dispatch", MACHINE, LawEnforcement),
    member("LAPD", "r.ishikawa", "Off. Renee Ishikawa", "Major Crimes Division", LawEnforcement),
    member("CPD", "p.kowalczyk", "Lt. Piotr Kowalczyk", "Dignitary Protection", LawEnforcement),
    member("HPD", "j.tran", "Sgt. Jamie Tran", "Criminal Intelligence", LawEnforcement),
    member("SFPD", "m.delacruz", "Insp. Mia Dela Cruz", "Special Investigations", LawEnforcement),
    member("MDPD", "a.prieto", "Det. Alina Prieto", "Homeland Security Bureau", LawEnforcement),
    member("BPD", "s.gallagher", "Det. Sean Gallagher", "Regional Intelligence Center", LawEnforcement),
    member("NYSP", "k.vanderhoef", "Inv. Karen Vanderhoef", "Protective Services Unit", LawEnforcement),
    member("USSS", "g.mercer", "Off. Gail Mercer", "Uniformed Division, Foreign Missions Branch", LawEnforcement),
    member("USSS", "joc", "Joint operations centre", MACHINE, LawEnforcement),
    member("FBI", "n.okafor", "SA Nneka Okafor", "Washington Field Office", LawEnforcement),

    member("DSS", "analyst", "Priya Raman", "Threat Investigations and Analysis", Analyst),
    member("DSS", "liaison.one", "Morgan Ellery", "Protective Liaison", LiaisonOfficer),
    member("DSS", "liaison.two", "Tomás Valdivia", "Protective Liaison", LiaisonOfficer),
    member("DSS", "liaison.three", "Ruth Abernethy", "Protective Liaison", LiaisonOfficer),
    member("DSS", "detail.agent", "Cole Whitaker", "Dignitary Protection", DetailAgent),
    member("DSS", "rso.paris", "Helena Strand", "Regional Security Office Paris", RegionalSecurityOfficer),
    member("DSS", "registrar", "Owen Tully", "Partner Registry", Administrator),
    member("DSS", "auditor", "Miriam Katz", "Inspections", Auditor),
];

/// For each role the one to mint a token for. An administrator of DSS's own registry sees most of what one can.
pub(super) fn by_role() -> DemoPeople {
    let people = Role::ALL.into_iter().filter_map(|role| {
        let of_role = || MEMBERS.iter().filter(|member| member.plays(role));
        let member = of_role().find(|member| member.agency == "DSS").or_else(|| of_role().next())?;
        let agency = AGENCIES.iter().find(|agency| agency.short_name == member.agency)?;
        let (agency, issuer) = (agency.short_name, agency.issuer);
        Some(DemoPerson { role, agency, issuer, subject: member.subject, name: member.name })
    });
    DemoPeople(people.collect())
}
