//! Why a row is a principal's business: a closed list.

use super::{key::Held, kind::Kind, marking::Tlp};

/// A reason for which a row is open. What each means is [`Ground::holds`]; which tiers it opens is the table's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// Any enrolled principal.
    Everyone,
    /// DSS.
    Internal,
    /// The row's own mission.
    Own,
    /// A mission of the same sending state.
    State,
    /// A place inside confirmed areas.
    Jurisdiction,
    /// A live share.
    Shared,
    /// A referral that was not declined.
    Referred,
    /// Who raised it.
    Reporter,
    /// To whom it is assigned.
    Owner,
    /// Who is on watch.
    Watch,
    /// Who is on the detail or the visit.
    Assigned,
    /// Who is on the detail or the visit, while they are.
    OnDetail,
    /// Who leads the detail.
    Leads,
    /// Whose portfolio holds the mission.
    Portfolio,
    /// The principal's own agency.
    OwnAgency,
    /// A liaison who serves one of the principal's missions.
    ServesMe,
    /// A leg of the visit inside confirmed areas.
    Venue,
    /// Reached by a visit.
    ViaVisit,
    /// Reached by a concern shared or referred.
    ViaConcern,
    /// The sending state is the officer's host state.
    HostState,
    /// For whom the row was written: an advisory's addressees, the audience of a child row.
    Audience,
    /// The officer's post.
    Post,
    /// The principal's own act.
    Actor,
}

/// Whose a row is by a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The agency whose id the column holds.
    Agency,
    /// The person whose id it holds.
    Person,
    /// Whoever asks in the role that it names.
    Role,
}

impl Ground {
    /// Every ground, in the order of the page.
    pub const ALL: [Self; 23] = [
        Self::Everyone,
        Self::Internal,
        Self::Own,
        Self::State,
        Self::Jurisdiction,
        Self::Shared,
        Self::Referred,
        Self::Reporter,
        Self::Owner,
        Self::Watch,
        Self::Assigned,
        Self::OnDetail,
        Self::Leads,
        Self::Portfolio,
        Self::OwnAgency,
        Self::ServesMe,
        Self::Venue,
        Self::ViaVisit,
        Self::ViaConcern,
        Self::HostState,
        Self::Post,
        Self::Audience,
        Self::Actor,
    ];

    /// The kinds of keys (`Key::kind_of`) that lines of this ground have: whoever looks for lines by their key need not
    /// look by others. `i` alone stands on nearly every row there is.
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Everyone => &["e"],
            Self::Internal => &["i"],
            Self::Own | Self::ServesMe => &["m"],
            Self::State => &["o"],
            Self::Jurisdiction | Self::Venue => &["s"],
            Self::Shared | Self::ViaConcern => &["a", "p"],
            Self::Referred | Self::OwnAgency => &["a"],
            Self::Reporter | Self::Owner | Self::Assigned | Self::OnDetail | Self::Leads | Self::ViaVisit => &["p"],
            Self::Watch => &["d"],
            Self::Portfolio => &["pf"],
            Self::HostState => &["h"],
            Self::Post => &["post"],
            Self::Audience => &["m", "o", "s", "w", "k", "a", "p", "i"],
            // Columns say it.
            Self::Actor => &[],
        }
    }

    /// Those of children: whom they are written for, in no circle, as they have no marking of their own.
    pub fn keys_of_children() -> Held {
        Held { kinds: ["a", "i", "m", "p", "s"].into(), in_circles: false }
    }

    /// Those of rows that lines of some grounds may have.
    pub fn keys_of(grounds: impl IntoIterator<Item = Self>) -> Held {
        Held { kinds: grounds.into_iter().flat_map(Self::keys).copied().collect(), in_circles: true }
    }

    /// Whether a row has a line of it for each of many others that lead to it, and more with every year.
    pub const fn gathers(self) -> bool {
        matches!(self, Self::ViaConcern)
    }

    /// The name, as the documentation and the audit trail write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everyone => "EVERYONE",
            Self::Internal => "INTERNAL",
            Self::Own => "OWN",
            Self::State => "STATE",
            Self::Jurisdiction => "JURISDICTION",
            Self::Shared => "SHARED",
            Self::Referred => "REFERRED",
            Self::Reporter => "REPORTER",
            Self::Owner => "OWNER",
            Self::Watch => "WATCH",
            Self::Assigned => "ASSIGNED",
            Self::OnDetail => "ON_DETAIL",
            Self::Leads => "LEADS",
            Self::Portfolio => "PORTFOLIO",
            Self::OwnAgency => "OWN_AGENCY",
            Self::ServesMe => "SERVES_ME",
            Self::Venue => "VENUE",
            Self::ViaVisit => "VIA_VISIT",
            Self::ViaConcern => "VIA_CONCERN",
            Self::HostState => "HOST_STATE",
            Self::Audience => "AUDIENCE",
            Self::Post => "POST",
            Self::Actor => "ACTOR",
        }
    }

    /// The code in the visibility table; never reused.
    pub const fn code(self) -> i16 {
        match self {
            Self::Everyone => 1,
            Self::Internal => 2,
            Self::Own => 3,
            Self::State => 4,
            Self::Jurisdiction => 5,
            Self::Shared => 6,
            Self::Referred => 7,
            Self::Reporter => 8,
            Self::Owner => 9,
            Self::Watch => 10,
            Self::Assigned => 11,
            Self::Portfolio => 12,
            Self::OwnAgency => 13,
            Self::ServesMe => 14,
            Self::ViaVisit => 15,
            Self::ViaConcern => 16,
            Self::HostState => 17,
            Self::Audience => 18,
            Self::Post => 19,
            Self::Actor => 20,
            Self::Venue => 21,
            Self::Leads => 22,
            Self::OnDetail => 23,
        }
    }

    /// When it holds, for the page that an auditor reads.
    pub const fn holds(self) -> &'static str {
        match self {
            Self::Everyone => "any enrolled principal",
            Self::Internal => "the principal is of the Diplomatic Security Service",
            Self::Own => {
                "the row belongs to a mission that the agency is registered for; a concern belongs to the mission that raised it"
            }
            Self::State => {
                "the row belongs to a mission of the same sending state, and the agency is registered state-wide"
            }
            Self::Jurisdiction => "every county the place may lie in is within the agency's confirmed areas",
            Self::Shared => {
                "a live share to the agency or to the person; capped by the share, asleep while the marking exceeds the share's"
            }
            Self::Referred => "a referral to the agency that was not declined",
            Self::Reporter => "the person raised it",
            Self::Owner => "it is assigned to the person",
            Self::Watch => "the person is on the watch roster now and the concern is unassigned",
            Self::Assigned => {
                "the person is on the detail, or on that of the visit, from 168 hours before until 72 hours after"
            }
            Self::OnDetail => {
                "the person is on the detail, or on that of the visit, from 168 hours before until that ends: whoever was on it reads it for 72 hours more, and changes nothing"
            }
            Self::Leads => "the person leads the detail, while it is open",
            Self::Portfolio => "the mission is in the liaison officer's portfolio",
            Self::OwnAgency => "the row is of the principal's agency",
            Self::ServesMe => "the liaison serves one of the principal's missions",
            Self::Venue => {
                "the visit was accepted, and every county in which one of its legs may take place is within the agency's confirmed areas; of what hangs on the visit it opens that leg and its venue"
            }
            Self::ViaVisit => {
                "the row is reached by a visit to whose detail the person is assigned, in that window: its mission with premises (no residence), contacts and the liaisons who serve it, and the concerns that have to do with it"
            }
            Self::ViaConcern => {
                "the row is reached by a concern shared with the principal (D of a mission, nothing of its contacts) or referred to it (DC)"
            }
            Self::HostState => {
                "the row belongs to a mission of the state that the registry names as the officer's host state; it does not follow from the post"
            }
            Self::Audience => {
                "the row was written for the principal: an advisory is addressed to it, or it is in the audience of the child row"
            }
            Self::Post => {
                "the row is the post that the registry posts the officer to, whatever tours are written down, or an incident at it; not its constituent posts"
            }
            Self::Actor => "the person did what the row tells, for the same agency and in the same role",
        }
    }

    /// The highest marking under which this ground still holds. A share to one person outlives RED, a share to
    /// an agency does not: [`super::emit`] lowers it.
    pub const fn survives(self) -> Tlp {
        match self {
            Self::Everyone | Self::Jurisdiction => Tlp::Green,
            Self::State => Tlp::Amber,
            Self::Reporter | Self::Owner | Self::Assigned | Self::Watch | Self::Shared | Self::Audience => Tlp::Red,
            _ => Tlp::AmberStrict,
        }
    }

    /// Grounds that every row of a type offers, whatever its columns say: statements state them directly and the
    /// visibility table does not repeat them. Only unmarked types have any.
    pub const fn always(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::SendingState | Kind::Agency | Kind::Mission | Kind::Liaison => &[Self::Everyone, Self::Internal],
            Kind::Person
            | Kind::SecurityContact
            | Kind::Post
            | Kind::Advisory
            | Kind::Visit
            | Kind::ProtectiveDetail
            | Kind::AuditEvent => &[Self::Internal],
            Kind::Premises
            | Kind::Concern
            | Kind::Entry
            | Kind::Referral
            | Kind::Share
            | Kind::Evidence
            | Kind::Acknowledgement
            | Kind::MissionChange
            | Kind::Venue
            | Kind::Leg
            | Kind::Delegate
            | Kind::PortCourtesy
            | Kind::WeaponsNotice
            | Kind::VisitConflict
            | Kind::AdvanceNote
            | Kind::Assignment
            | Kind::Shift
            | Kind::Tour
            | Kind::PostProgramme
            | Kind::ProgrammeReview
            | Kind::Finding
            | Kind::Advice
            | Kind::Incident
            | Kind::IncidentEntry => &[],
        }
    }

    /// Grounds that columns of the row say, of a type whose rows never change and are never marked: whose the row must be.
    /// Statements state them directly and the visibility table does not repeat them. The model names the columns.
    pub const fn stated(kind: Kind) -> &'static [(Self, &'static [Holder])] {
        match kind {
            Kind::AuditEvent => &[(Self::Actor, &[Holder::Person, Holder::Agency, Holder::Role])],
            _ => &[],
        }
    }
}
