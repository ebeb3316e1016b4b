//! The closed lists of visits. A list's order is the order in which its values sort.

use crate::model::kit::EnumDef;

/// Who is protected as what: 22 U.S.C. 2709(a)(3), 18 U.S.C. 3056, 1116.
pub static VISIT_RANK: EnumDef = EnumDef {
    name: "VisitRank",
    description: "As what the principal of a visit comes.",
    values: &[
        ("HEAD_OF_STATE", "Head of state; protected by the Secret Service (18 U.S.C. 3056)."),
        ("HEAD_OF_GOVERNMENT", "Head of government; protected by the Secret Service (18 U.S.C. 3056)."),
        ("FOREIGN_MINISTER", "Minister for foreign affairs."),
        ("MINISTER", "Another member of a government."),
        ("FORMER_HEAD_OF_STATE", "Former head of state or government."),
        ("ROYAL", "Member of a reigning family."),
        ("HEAD_OF_INTERNATIONAL_ORGANIZATION", "Head of an international organisation."),
        ("OTHER", "Another official foreign guest."),
    ],
};

/// Where a visit is in its life.
pub static VISIT_STATUS: EnumDef = EnumDef {
    name: "VisitStatus",
    description: "Where a visit is in its life.",
    values: &[
        ("ANNOUNCED", "Announced by the mission; nothing is decided yet."),
        ("ACCEPTED", "The Diplomatic Security Service protects it."),
        ("ACTIVE", "It is going on."),
        ("COMPLETED", "It is over."),
        ("DECLINED", "The Diplomatic Security Service does not protect it, with a reason."),
        ("CANCELLED", "It was called off, with a reason."),
    ],
};

/// What a venue is.
pub static VENUE_KIND: EnumDef = EnumDef {
    name: "VenueKind",
    description: "What a place is where a visit goes.",
    values: &[
        ("AIRPORT", "An airport, a port or a station."),
        ("HOTEL", "Where the principal stays overnight."),
        ("MISSION", "Premises of a mission."),
        ("INTERNATIONAL_ORGANIZATION", "Premises of an international organisation."),
        ("GOVERNMENT", "Premises of a government of the United States, a state or a city."),
        ("PUBLIC", "A place that is open to the public."),
        ("PRIVATE", "A private place."),
    ],
};

/// What is done on a leg.
pub static LEG_KIND: EnumDef = EnumDef {
    name: "LegKind",
    description: "What a visit does on a leg.",
    values: &[
        ("AIRPORT", "It arrives, leaves or changes."),
        ("MOTORCADE", "It drives from one place to another."),
        ("HOTEL", "The principal rests."),
        ("VENUE", "It is at a venue."),
    ],
};

/// Which way somebody passes a port.
pub static PORT_DIRECTION: EnumDef = EnumDef {
    name: "PortDirection",
    description: "Which way the principal passes a port.",
    values: &[("ARRIVAL", "Into the country."), ("DEPARTURE", "Out of it.")],
};

/// What was decided on what a mission asked for.
pub static VISIT_DECISION: EnumDef = EnumDef {
    name: "VisitDecision",
    description: "What was decided on something that a visit asks for.",
    values: &[("PENDING", "Nothing yet."), ("GRANTED", "It is granted."), ("DENIED", "It is denied, with a reason.")],
};

/// What may be decided.
pub static GRANT_OR_DENY: EnumDef = EnumDef {
    name: "GrantOrDeny",
    description: "A decision on something that a visit asks for.",
    values: &[("GRANTED", "It is granted."), ("DENIED", "It is denied, with a reason.")],
};

/// How visits are in each other's way.
pub static VISIT_CONFLICT_KIND: EnumDef = EnumDef {
    name: "VisitConflictKind",
    description: "How visits are in each other's way, or cannot be placed.",
    values: &[
        ("LEG_WITHOUT_AREA", "Nobody knows in whose area a leg is: no law enforcement sees it."),
        ("SAME_VENUE", "Two principals are at one venue at one time."),
        ("SAME_MOTORCADE_WINDOW", "Two motorcades are in one area at one time."),
        ("SAME_DELEGATE", "Somebody of the same name is named for two visits of one state at one time."),
    ],
};
