//! What is asked, by whom, as GraphQL.

use chancery::access::Role::{self, Analyst, LawEnforcement, LiaisonOfficer, MissionOfficer};

/// An operation.
#[allow(clippy::struct_excessive_bools, reason = "each says something else of it")]
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its name, by which the floor knows it.
    pub name: &'static str,
    /// What it is, for a reader.
    pub about: &'static str,
    /// Who asks it.
    pub roles: &'static [Role],
    /// The document.
    pub document: &'static str,
    /// Whether it is asked by heavy people too.
    pub heavy: bool,
    /// Whether its cost should not grow with what there is.
    pub level: bool,
    /// Whether it writes.
    pub writes: bool,
    /// Whether the tutorial stack answers it.
    pub tutorial: bool,
}

const ALL: &[Role] = &[Analyst, LawEnforcement, MissionOfficer, LiaisonOfficer];

const fn read(name: &'static str, about: &'static str, roles: &'static [Role], document: &'static str) -> Operation {
    Operation { name, about, roles, document, heavy: false, level: false, writes: false, tutorial: true }
}

/// All of them, in the order in which they are measured: what writes comes last.
pub static OPERATIONS: &[Operation] = &[
    read(
        "point",
        "a mission with its contacts",
        ALL,
        "query($id: ID!) { mission(id: $id) { id name type city state switchboard dutyPhone securityContacts(first: 5) { nodes { id function name title workPhone } } } }",
    ),
    Operation {
        level: true,
        ..read(
            "nested",
            "20 missions with contacts, liaisons, 3 concerns each, 2 entries of each",
            ALL,
            "{ missions(first: 20) { nodes { id name type city sendingState { name iso2 } securityContacts(first: 5) { nodes { id function name workPhone } } liaisons(first: 5) { nodes { id unit name deskPhone } } concerns(first: 3) { nodes { id reference severity status entries(first: 2) { nodes { kind at } } } } } pageInfo { hasNextPage } } }",
        )
    },
    Operation {
        heavy: true,
        level: true,
        ..read(
            "list",
            "50 concerns, their missions' names, 5 entries of each",
            ALL,
            "{ concerns(first: 50) { nodes { id reference title severity status openedAt mission { name } entries(first: 5) { nodes { kind body at } } } pageInfo { hasNextPage endCursor } } }",
        )
    },
    Operation {
        heavy: true,
        level: true,
        ..read(
            "deep",
            "50 concerns in the middle of all that are seen",
            ALL,
            "query($after: String) { concerns(first: 50, after: $after) { nodes { id reference title severity status openedAt } pageInfo { hasNextPage endCursor } } }",
        )
    },
    Operation {
        level: true,
        ..read(
            "filtered",
            "20 concerns that are HIGH or CRITICAL and IN_PROGRESS",
            ALL,
            "{ concerns(first: 20, filter: { severity: { in: [HIGH, CRITICAL] }, status: { eq: IN_PROGRESS } }) { nodes { id reference severity status openedAt mission { name } } pageInfo { hasNextPage } } }",
        )
    },
    Operation {
        level: true,
        ..read(
            "ordered",
            "20 concerns by when the next word is due",
            ALL,
            "{ concerns(first: 20, orderBy: [NEXT_DUE_AT_ASC]) { nodes { id reference severity status nextDueAt } pageInfo { hasNextPage } } }",
        )
    },
    Operation {
        tutorial: false,
        ..read(
            "near",
            "20 missions within 100 km of a point, with distances",
            ALL,
            "query($latitude: Float!, $longitude: Float!) { missionsNear(latitude: $latitude, longitude: $longitude, radiusMeters: 100000, first: 20) { totalCount nearest { distanceMeters node { id name city } } } }",
        )
    },
    Operation {
        heavy: true,
        level: true,
        ..read(
            "count",
            "how many concerns are HIGH or CRITICAL",
            &[LawEnforcement, MissionOfficer],
            "{ concerns(filter: { severity: { in: [HIGH, CRITICAL] } }) { totalCount } }",
        )
    },
    Operation {
        heavy: true,
        level: true,
        ..read(
            "stats",
            "concerns by severity and status, of the newest 10,000",
            ALL,
            "{ concernStats(groupBy: [SEVERITY, STATUS]) { count capped groupCount groups { keys { value } count } } }",
        )
    },
    Operation {
        tutorial: false,
        ..read(
            "search",
            "20 concerns that hold a word of two in a thousand",
            ALL,
            "query($text: String!) { search(text: $text, types: [CONCERN], first: 20) { nodes { ... on Concern { id reference title openedAt mission { name } } } pageInfo { hasNextPage } } }",
        )
    },
    Operation {
        heavy: true,
        level: true,
        ..read(
            "board",
            "20 concerns of an officer, by when the next word is due",
            &[LiaisonOfficer],
            "{ deskBoard(first: 20) { nodes { id reference severity status nextDueAt mission { name } } pageInfo { hasNextPage } } }",
        )
    },
    read(
        "node",
        "a concern by its global id, with its mission's name and 10 entries",
        ALL,
        "query($id: ID!) { node(id: $id) { ... on Concern { id reference title severity status openedAt mission { name } entries(first: 10) { nodes { kind body at } } } } }",
    ),
    Operation {
        writes: true,
        tutorial: false,
        ..read(
            "raise",
            "a concern is raised",
            &[MissionOfficer, LawEnforcement],
            "mutation($input: RaiseConcernInput!) { raiseConcern(input: $input) { concern { id reference status openedAt } notice } }",
        )
    },
    Operation {
        writes: true,
        tutorial: false,
        ..read(
            "refer",
            "a concern is referred to an agency",
            &[LiaisonOfficer],
            "mutation($input: ReferConcernInput!) { referConcern(input: $input) { concern { id status } } }",
        )
    },
];

impl Operation {
    /// By its name.
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}
