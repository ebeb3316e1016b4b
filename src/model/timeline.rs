//! What has to do with a mission, a visit or a post, over time, as data: which types, dated by which of their fields, and
//! tied to it by what one may read of them.

use super::{
    view::{EnumView, InputField, InputRef, View, found_name},
    {definition, kit::Shape},
};
use crate::access::{Ground, Kind};

/// The type of what a timeline tells: one of several.
pub const ITEM: &str = "TimelineItem";
/// The enum of its types.
pub const TYPE: &str = "TimelineType";

/// What of one type a timeline tells.
#[derive(Debug)]
pub struct Strand {
    /// The type.
    pub kind: Kind,
    /// The field that dates a row: as deep as it takes to see the row.
    pub at: &'static str,
    /// What ties a row to what the timeline is of.
    pub tie: Tie,
}

/// What ties a row to what a timeline is of. An unreadable tie is none.
#[derive(Clone, Copy, Debug)]
pub enum Tie {
    /// An edge of the row leads to it.
    Edge(&'static str),
    /// A way from the row leads to where an edge of it leads.
    Meets {
        /// From the row, through edges.
        there: &'static [&'static str],
        /// From what the timeline is of.
        here: &'static str,
    },
    /// Of an advisory: its audience names the mission, its type, its sending state, or where it lies; or it was sent to whoever
    /// asks, and the mission is their own.
    Sent {
        /// The field that says to whom it is addressed.
        audience: &'static str,
        /// The ground on which it was sent to whoever asks.
        sent: Ground,
        /// The ground on which the mission is their own.
        own: Ground,
    },
}

/// The timelines of a type.
#[derive(Debug)]
pub struct Timeline {
    /// The type.
    pub of: Kind,
    /// The argument that names a row of it.
    pub argument: &'static str,
    /// What it tells.
    pub strands: &'static [Strand],
}

const fn strand(kind: Kind, at: &'static str, tie: Tie) -> Strand {
    Strand { kind, at, tie }
}

/// All there are.
pub static TIMELINES: [Timeline; 3] = [
    Timeline {
        of: Kind::Mission,
        argument: "mission",
        strands: &[
            strand(Kind::Concern, "openedAt", Tie::Edge("mission")),
            strand(
                Kind::Advisory,
                "sentAt",
                Tie::Sent { audience: "audience", sent: Ground::Audience, own: Ground::Own },
            ),
            strand(Kind::Visit, "arrivesOn", Tie::Edge("mission")),
        ],
    },
    Timeline {
        of: Kind::Visit,
        argument: "visit",
        strands: &[
            strand(Kind::Concern, "openedAt", Tie::Edge("visit")),
            strand(Kind::Leg, "startsAt", Tie::Edge("visit")),
            strand(Kind::PortCourtesy, "at", Tie::Edge("visit")),
            strand(Kind::WeaponsNotice, "filedAt", Tie::Edge("visit")),
            strand(Kind::AdvanceNote, "at", Tie::Edge("visit")),
        ],
    },
    Timeline {
        of: Kind::Post,
        argument: "post",
        strands: &[
            strand(Kind::Concern, "openedAt", Tie::Meets { there: &["mission", "sendingState"], here: "country" }),
            strand(Kind::Visit, "arrivesOn", Tie::Meets { there: &["sendingState"], here: "country" }),
            strand(Kind::Tour, "startsOn", Tie::Edge("post")),
            strand(Kind::ProgrammeReview, "reviewedOn", Tie::Edge("post")),
            strand(Kind::Finding, "foundAt", Tie::Edge("post")),
            strand(Kind::Advice, "advisedAt", Tie::Edge("post")),
            strand(Kind::Incident, "openedAt", Tie::Edge("post")),
        ],
    },
];

impl Strand {
    /// The column that dates a row.
    pub fn dated(&self) -> Option<&'static str> {
        match definition(self.kind).field(self.at)?.shape {
            Shape::Column { column, .. } => Some(column),
            _ => None,
        }
    }
}

impl View {
    /// The timelines that the role can ask for: of types that it reaches, and that tell of types it reaches.
    pub fn timelines(&self) -> impl Iterator<Item = &'static Timeline> {
        TIMELINES.iter().filter(|timeline| {
            self.types.contains_key(&timeline.of) && timeline.strands.iter().any(|strand| self.tells(strand))
        })
    }

    /// Whether the role can ever be told of it.
    pub fn tells(&self, strand: &Strand) -> bool {
        self.types.contains_key(&strand.kind) && self.reads(strand.kind, &[strand.at])
    }

    /// The types that timelines of the role tell of, in the order of the table.
    pub fn told_over_time(&self) -> Vec<Kind> {
        let strands = self.timelines().flat_map(|timeline| timeline.strands).filter(|strand| self.tells(strand));
        let told: Vec<Kind> = strands.map(|strand| strand.kind).collect();
        Kind::ALL.into_iter().filter(|kind| told.contains(kind)).collect()
    }

    /// The enum of those types.
    pub(super) fn told_enum(&self) -> EnumView {
        let description = |kind: &Kind| format!("Rows of the type {}.", kind.name());
        let values = self.told_over_time().iter().map(|kind| (found_name(*kind), description(kind))).collect();
        EnumView { description: "Types of which timelines tell.".to_owned(), values }
    }

    /// The arguments that say of what a timeline is, and of which types it tells.
    pub(super) fn timeline_arguments(&self) -> Vec<InputField> {
        let of = self.timelines().map(|timeline| InputField {
            name: timeline.argument.to_owned(),
            description: format!("Of this {}; exactly one is given.", timeline.argument),
            ty: InputRef::Scalar("ID"),
        });
        let types = InputField {
            name: "types".to_owned(),
            description: "Only objects of these types.".to_owned(),
            ty: InputRef::List(Box::new(InputRef::NonNull(Box::new(InputRef::Enum(TYPE.to_owned()))))),
        };
        of.chain([types]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Tier;

    /// What orders the rows tells of each: it must be open to whoever sees the row.
    #[test]
    fn a_date_is_open_to_whoever_sees_the_row() {
        for strand in TIMELINES.iter().flat_map(|timeline| timeline.strands) {
            let ty = definition(strand.kind);
            let tier = ty.field(strand.at).and_then(|field| ty.tier(field)).expect("a field with a tier");
            assert!(tier == Tier::D || tier == strand.kind.shown_by(), "{}.{}", strand.kind.name(), strand.at);
            assert!(strand.dated().is_some(), "{}.{}", strand.kind.name(), strand.at);
        }
    }

    /// Every tie is a field that there is, so that its tier decides.
    #[test]
    fn every_tie_is_a_field() {
        for timeline in &TIMELINES {
            let here = |name: &str| definition(timeline.of).field(name).is_some();
            for strand in timeline.strands {
                let there = |name: &str| definition(strand.kind).field(name).is_some();
                assert!(match strand.tie {
                    Tie::Edge(name) => there(name),
                    Tie::Meets { there: path, here: name } =>
                        path.first().is_some_and(|name| there(name)) && here(name),
                    Tie::Sent { audience, .. } => there(audience) && timeline.of == Kind::Mission,
                });
            }
        }
    }
}
