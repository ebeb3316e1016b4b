//! The table of the policy, from its prose: role, type and ground, and the tiers it opens.

use chancery::access::{Kind, Role};

use crate::grounds::Ground::{self, *};

/// Ground and tiers, for one or two types.
type Line = (Role, &'static [Kind], &'static [(Ground, &'static str)]);

use Role::{
    Administrator, Analyst, Auditor, DetailAgent, LawEnforcement, LiaisonOfficer, MissionOfficer,
    RegionalSecurityOfficer,
};

const DIRECTORY: &[Kind] = &[Kind::SendingState, Kind::Agency];
const PLACES: &[Kind] = &[Kind::Mission, Kind::Premises];

#[rustfmt::skip]
const TABLE: &[Line] = &[
    (MissionOfficer, DIRECTORY,                &[(Everyone, "D")]),
    (MissionOfficer, PLACES,                   &[(Everyone, "D"), (State, "DC"), (Own, "DCP")]),
    (MissionOfficer, &[Kind::SecurityContact], &[(State, "DC"), (Own, "DCP")]),
    (MissionOfficer, &[Kind::Liaison],         &[(ServesMe, "DC")]),
    (MissionOfficer, &[Kind::Concern],         &[(Own, "DCP"), (Reporter, "DCP"), (State, "D"), (Shared, "DC")]),

    (MissionOfficer, &[Kind::Advisory],        &[(Audience, "DC")]),
    (MissionOfficer, &[Kind::Visit],           &[(State, "D"), (Own, "DCP")]),
    (MissionOfficer, &[Kind::ProtectiveDetail], &[(Own, "DC")]),
    (MissionOfficer, &[Kind::AuditEvent],      &[(Actor, "DP")]),

    (LawEnforcement, &[Kind::SendingState],    &[(Everyone, "D")]),
    (LawEnforcement, &[Kind::Agency],          &[(Everyone, "D"), (OwnAgency, "DC")]),
    (LawEnforcement, PLACES,                   &[(Jurisdiction, "DC"), (ViaShared, "D"), (ViaReferred, "DC")]),
    (LawEnforcement, &[Kind::SecurityContact], &[(Jurisdiction, "DC"), (ViaReferred, "DC")]),
    (LawEnforcement, &[Kind::Liaison],         &[(OwnAgency, "DCPS"), (Everyone, "DC")]),
    (LawEnforcement, &[Kind::Concern],         &[(Shared, "DCP"), (Referred, "DCPS"), (Reporter, "DCP"), (Jurisdiction, "D")]),

    (LawEnforcement, &[Kind::Advisory],        &[(Audience, "DC")]),
    (LawEnforcement, &[Kind::Visit],           &[(Venue, "DP"), (Assigned, "DCPS")]),
    (LawEnforcement, &[Kind::ProtectiveDetail], &[(Assigned, "DCP")]),
    (LawEnforcement, &[Kind::AuditEvent],      &[(Actor, "DP")]),

    (Analyst, DIRECTORY,                       &[(Internal, "DC")]),
    (Analyst, PLACES,                          &[(Internal, "DCSI")]),
    (Analyst, &[Kind::SecurityContact],        &[(Internal, "DC")]),
    (Analyst, &[Kind::Liaison],                &[(Internal, "DC")]),
    (Analyst, &[Kind::Concern],                &[(Internal, "DCSI"), (Shared, "DC")]),
    (Analyst, &[Kind::Post],                   &[(Internal, "DCP")]),
    (Analyst, &[Kind::Incident],               &[(Internal, "DC")]),
    (Analyst, &[Kind::Advisory],               &[(Internal, "DCI")]),
    (Analyst, &[Kind::Visit],                  &[(Internal, "DC")]),
    (Analyst, &[Kind::ProtectiveDetail],       &[(Internal, "D")]),

    (LiaisonOfficer, DIRECTORY,                &[(Internal, "DC")]),
    (LiaisonOfficer, PLACES,                   &[(Internal, "DC"), (Portfolio, "DCPSI")]),
    (LiaisonOfficer, &[Kind::SecurityContact], &[(Internal, "DC"), (Portfolio, "DCPS")]),
    (LiaisonOfficer, &[Kind::Liaison],         &[(Internal, "DCPS")]),
    (LiaisonOfficer, &[Kind::Concern],         &[(Internal, "DC"), (Watch, "DCP"), (Portfolio, "DCPSI"), (Owner, "DCPSI"), (Shared, "DCP")]),
    (LiaisonOfficer, &[Kind::Post],            &[(Internal, "D")]),
    (LiaisonOfficer, &[Kind::Advisory],        &[(Internal, "DCI")]),
    (LiaisonOfficer, &[Kind::Visit],           &[(Internal, "D"), (Portfolio, "DCPS")]),
    (LiaisonOfficer, &[Kind::ProtectiveDetail], &[(Internal, "D")]),
    (LiaisonOfficer, &[Kind::AuditEvent],      &[(Actor, "DP")]),

    (DetailAgent, DIRECTORY,                   &[(Internal, "DC")]),
    (DetailAgent, PLACES,                      &[(ViaVisit, "DC")]),
    (DetailAgent, &[Kind::SecurityContact],    &[(ViaVisit, "DC")]),
    (DetailAgent, &[Kind::Liaison],            &[(ViaVisit, "DCP")]),
    (DetailAgent, &[Kind::Concern],            &[(ViaVisit, "DCS"), (Shared, "DC")]),
    (DetailAgent, &[Kind::Visit],              &[(Assigned, "DCPS"), (OnDetail, "DCPS")]),
    (DetailAgent, &[Kind::ProtectiveDetail],   &[(Assigned, "DCPS"), (OnDetail, "DCPS"), (Leads, "DCPS")]),
    (DetailAgent, &[Kind::Advisory],           &[(Internal, "DC")]),
    (DetailAgent, &[Kind::AuditEvent],         &[(Actor, "DP")]),

    (RegionalSecurityOfficer, DIRECTORY,                &[(Internal, "D")]),
    (RegionalSecurityOfficer, PLACES,                   &[(HostState, "DC"), (ViaShared, "D"), (ViaReferred, "D")]),
    (RegionalSecurityOfficer, &[Kind::SecurityContact], &[(HostState, "DC")]),
    (RegionalSecurityOfficer, &[Kind::Concern],         &[(Shared, "DCS")]),
    (RegionalSecurityOfficer, &[Kind::Post],            &[(Post, "DCPS")]),
    (RegionalSecurityOfficer, &[Kind::Incident],        &[(Post, "DCPS"), (Reporter, "DCPS")]),
    (RegionalSecurityOfficer, &[Kind::Advisory],        &[(Internal, "DC")]),
    (RegionalSecurityOfficer, &[Kind::Visit],           &[(HostState, "DC")]),
    (RegionalSecurityOfficer, &[Kind::AuditEvent],      &[(Actor, "DP")]),

    (Administrator, &[Kind::SendingState, Kind::Mission], &[(Internal, "D")]),
    (Administrator, &[Kind::Agency],                      &[(Internal, "DS"), (OwnAgency, "DS")]),
    (Administrator, &[Kind::Person],                      &[(Internal, "D"), (OwnAgency, "D")]),

    (Auditor, &[Kind::AuditEvent], &[(Internal, "DPS")]),
];

/// The tiers that a ground opens; what is not named is denied.
pub fn opens(role: Role, kind: Kind, ground: Ground) -> &'static str {
    let lines = TABLE.iter().filter(|(of, kinds, _)| *of == role && kinds.contains(&kind));
    let mut grounds = lines.flat_map(|(_, _, grounds)| grounds.iter());
    grounds.find(|(known, _)| *known == ground).map_or("", |(_, tiers)| *tiers)
}
