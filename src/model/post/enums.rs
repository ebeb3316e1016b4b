//! The enums of posts.

use crate::model::kit::EnumDef;

/// As what somebody serves at a post.
pub static TOUR_CAPACITY: EnumDef = EnumDef {
    name: "TourCapacity",
    description: "As what somebody serves at a post.",
    values: &[
        ("CHIEF_OF_MISSION", "Leads the post: an ambassador, a chargé d'affaires, a principal officer. One at a time."),
        ("REGIONAL_SECURITY_OFFICER", "Answers to the chief of mission for its security. One at a time."),
        ("DEPUTY_REGIONAL_SECURITY_OFFICER", "Deputises for them."),
        ("ASSISTANT_REGIONAL_SECURITY_OFFICER", "Assists them."),
    ],
};

/// What a programme is.
pub static PROGRAMME_KIND: EnumDef = EnumDef {
    name: "ProgrammeKind",
    description: "What a programme that protects people at a post is.",
    values: &[
        ("LOCAL_GUARD", "Guards who are hired there."),
        ("SURVEILLANCE_DETECTION", "Finds out who watches the post."),
        ("RESIDENTIAL_SECURITY", "Protects where its people live."),
        ("MARINE_SECURITY_GUARD", "The detachment of Marines."),
        ("EMERGENCY_ACTION_PLAN", "What is done in an emergency, and its exercise."),
        ("OSAC_COUNTRY_CHAPTER", "Shares what is known with American organisations there."),
    ],
};

/// What a review came to.
pub static REVIEW_OUTCOME: EnumDef = EnumDef {
    name: "ReviewOutcome",
    description: "What a review of a programme came to.",
    values: &[
        ("SATISFACTORY", "It does what it is for."),
        ("NEEDS_IMPROVEMENT", "It does, with something wanting."),
        ("UNSATISFACTORY", "It does not."),
    ],
};

/// What a chief of mission decided.
pub static ADVICE_DECISION: EnumDef = EnumDef {
    name: "AdviceDecision",
    description: "What a chief of mission decided on advice.",
    values: &[
        ("PENDING", "Nothing is decided."),
        ("DEFERRED", "It is decided later."),
        ("ACCEPTED", "It is followed."),
        ("DECLINED", "It is not followed; the chief of mission bears the risk."),
    ],
};

/// What a chief of mission may decide.
pub static CHIEF_DECISION: EnumDef = EnumDef {
    name: "ChiefDecision",
    description: "What a chief of mission may decide on advice.",
    values: &[
        ("DEFERRED", "It is decided later."),
        ("ACCEPTED", "It is followed."),
        ("DECLINED", "It is not followed; the chief of mission bears the risk."),
    ],
};
