//! The mutations of the registry of agencies.

use crate::{
    access::{Command, Kind},
    model::{
        enums::{AGENCY_KIND, AGENCY_LEVEL, ROLE},
        kit::Scalar,
        mutation::{
            Given, Mutation, Payload,
            Rule::{self, Any, Line, Text, Within},
            id_of, may, may_list, may_list_ids, may_list_of, must, one_of, row,
        },
    },
};

/// Characters of a name.
const NAME: usize = 200;
/// Characters of a key: RSA of 8,192 bits, with what providers write beside it.
const JWK: usize = 16_384;
/// Areas, or missions, that are named at most, and characters of each.
const NAMED: (usize, usize) = (200, 64);
/// Seconds that a token lives at most, whatever is registered.
const DAY: i32 = 24 * 3600;

const AGENCY: Given = id_of("agencyId", Kind::Agency, "The agency.");
const THE_AGENCY: Payload = row("agency", Kind::Agency, "The agency, as you see it now.");
const MISSION: Given = id_of("missionId", Kind::Mission, "The mission.");
const ROLES: Given =
    may_list_of("roles", &ROLE, "The roles it may grant, of those that agencies of its kind can have.");
const REQUESTS: Given =
    may("quotaRequestsPerSecond", Scalar::Int, Within(1, i32::MAX), "Requests a second, at most, of each server.");
const COST: Given =
    may("quotaCostPerMinute", Scalar::Int, Within(1, i32::MAX), "Query cost a minute, at most, of each server.");
/// Why tokens are revoked: it is kept with the revocation.
pub(super) const WHY: Given = must("reason", Scalar::String, Line(200), "Why: for those who keep the registry.");
const LIFETIME: Given = may(
    "maxLifetimeSeconds",
    Scalar::Int,
    Within(1, DAY),
    "The longest lifetime of a token, `exp` - `iat`, in seconds.",
);

/// What is done about agencies.
pub(super) static OF_AGENCIES: &[Mutation] = &[
    Mutation {
        command: Command::RegisterAgency,
        description: "Enrols an agency, or one that is listed under the ORI: tokens of its issuer are looked at from now on. It has no key yet, so add one; its areas are proposals until they are confirmed.",
        input: &[
            must("name", Scalar::String, Line(NAME), "Its full name."),
            may("shortName", Scalar::String, Line(NAME), "What people call it."),
            one_of("kind", &AGENCY_KIND, "What it is: MISSION or LAW_ENFORCEMENT."),
            one_of("level", &AGENCY_LEVEL, "At which level of government it works."),
            must("issuer", Scalar::String, Rule::Issuer, "The exact `iss` of its tokens (RFC 7519, RFC 8414)."),
            must("audience", Scalar::String, Rule::Claim, "The `aud` that its tokens must carry."),
            may(
                "typ",
                Scalar::String,
                Rule::TokenType,
                "The `typ` of its tokens (RFC 9068): `at+jwt`, which it is when not given, or `JWT`.",
            ),
            Given {
                required: true,
                ..may_list(
                    "algorithms",
                    (5, 5),
                    "The algorithms it may sign with (RFC 7518, RFC 8037): ES256, ES384, EdDSA, RS256, PS256.",
                )
            },
            Given { required: true, ..ROLES },
            LIFETIME,
            may(
                "ori",
                Scalar::String,
                Rule::Ori,
                "Of law enforcement: Originating Agency Identifier (FBI), nine characters.",
            ),
            may("watchPhone", Scalar::PhoneNumber, Any, "Its telephone round the clock."),
            may("state", Scalar::String, Rule::State, "State of its seat, ISO 3166-2."),
            may("latitude", Scalar::Float, Within(-90, 90), "Latitude of its seat, degrees, WGS 84."),
            may("longitude", Scalar::Float, Within(-180, 180), "Longitude of its seat, degrees, WGS 84."),
            may(
                "sendingStateId",
                Scalar::Id,
                Rule::Id(Kind::SendingState),
                "Of the agency of a mission: the state it serves.",
            ),
            may(
                "stateWide",
                Scalar::Boolean,
                Any,
                "Of the agency of a mission: whether it is registered for all missions of its sending state.",
            ),
            may_list_ids("missionIds", NAMED, "Of the agency of a mission: the missions it is registered for."),
            may_list(
                "areas",
                NAMED,
                "Of law enforcement: its areas, which are proposals: states (ISO 3166-2), counties (FIPS 6-4), `NYC`, `US`.",
            ),
            REQUESTS,
            COST,
        ],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::SetAgencyCeiling,
        description: "Sets which roles an agency may grant, how long its tokens live at most, how much it may ask of a server, or some of these. What is granted beyond it is void from the next request on. Of your own agency ADMINISTRATOR stays, and lifetimes grow only: a CONFLICT.",
        input: &[AGENCY, ROLES, LIFETIME, REQUESTS, COST],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::AddAgencyKey,
        description: "Trusts a public key of an agency. A key is never exchanged under its id: a CONFLICT.",
        input: &[
            AGENCY,
            must(
                "jwk",
                Scalar::String,
                Text(JWK),
                "The key, or a set of keys, as JSON (RFC 7517): public ones, for signatures by a registered algorithm, each with its `kid`.",
            ),
        ],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::RemoveAgencyKey,
        description: "Trusts a key no longer: what it signed is refused from the next request on. The last key of your own agency stays: a CONFLICT.",
        input: &[AGENCY, must("keyId", Scalar::String, Rule::Claim, "The `kid` of the key.")],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::SetAgencyKeySource,
        description: "Says where the keys of an agency are from the next request on: at `jwksUri`, where its issuer's discovery document says, or, with neither, in the registry, whose keys must be there then: a CONFLICT otherwise. Never of your own agency: a CONFLICT.",
        input: &[
            AGENCY,
            may(
                "jwksUri",
                Scalar::String,
                Line(2048),
                "Where it publishes its key set (RFC 7517): an https URL of a host by name.",
            ),
            may(
                "oidcDiscovery",
                Scalar::Boolean,
                Any,
                "Whether its issuer's discovery document says where (OpenID Connect Discovery 1.0); not with `jwksUri`.",
            ),
        ],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::ConfirmAgencyAreas,
        description: "Confirms areas that were proposed for an agency, all or none: from the next request on it sees what lies there.",
        input: &[
            AGENCY,
            Given { required: true, ..may_list("areas", NAMED, "The areas: states, counties, `NYC`, `US`.") },
            may(
                "evenIfWide",
                Scalar::Boolean,
                Any,
                "Whether an area is meant that is wider than the agency's level lets expect; a CONFLICT otherwise.",
            ),
        ],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::RemoveAgencyArea,
        description: "Takes an area from an agency, confirmed or proposed.",
        input: &[AGENCY, must("area", Scalar::String, Line(NAMED.1), "The area, as it was proposed.")],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::AddAgencyMission,
        description: "Registers the agency of a mission for one more mission: what belongs to it is its own from the next request on.",
        input: &[AGENCY, MISSION],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::RemoveAgencyMission,
        description: "Registers the agency of a mission for a mission no longer.",
        input: &[AGENCY, MISSION],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::SuspendAgency,
        description: "Refuses the tokens of an agency from the next request on; its rows stay, its streams end. Never your own: a CONFLICT.",
        input: &[AGENCY],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::ReinstateAgency,
        description: "Accepts the tokens of an agency again.",
        input: &[AGENCY],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::RevokeToken,
        description: "Voids one token of an agency, whoever holds it, from the next request on; its streams end within a second. It cannot be taken back. Whoever voids the one they ask with is told that they are not let in: it is done.",
        input: &[AGENCY, must("tokenId", Scalar::String, Rule::Claim, "The `jti` of the token (RFC 7519)."), WHY],
        payload: &[THE_AGENCY],
    },
    Mutation {
        command: Command::RevokeAgencyTokens,
        description: "Voids every token of an agency that was issued until now, and those of the next 30 seconds, by which its clock may be ahead: everybody signs in anew. What lasts is to suspend it. Whoever voids their own is told that they are not let in: it is done.",
        input: &[AGENCY, WHY],
        payload: &[THE_AGENCY],
    },
];
