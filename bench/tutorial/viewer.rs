//! Who asks, and what the lines of the visibility table open for them.

use chancery::access::Role;
use chancery_bench::gate::Principal;
use entity::visibility;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement};

/// Tier D.
pub const D: i16 = 1;
/// Tier C.
pub const C: i16 = 2;
/// Everything.
const ALL: i16 = 31;

/// Who asks.
#[derive(Debug)]
pub struct Viewer {
    /// In what capacity.
    pub role: Role,
    /// The keys that are held.
    pub keys: Vec<String>,
    /// The present.
    pub now: String,
}

/// A type of rows, by its code in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Missions.
    Mission = 4,
    /// Security contacts.
    Contact = 6,
    /// Liaisons.
    Liaison = 7,
    /// Concerns.
    Concern = 8,
}

impl Viewer {
    /// Of a principal.
    pub fn of(principal: &Principal, now: String) -> Self {
        Self { role: principal.role, keys: principal.keys.clone(), now }
    }

    /// What a ground opens of a row of a type (docs/ACCESS.md).
    #[allow(clippy::match_same_arms, reason = "in the order of the page, a role after the other")]
    pub fn opens(&self, kind: Kind, ground: i16) -> i16 {
        match (self.role, kind, ground) {
            (Role::Analyst, Kind::Concern, 2) => 27,
            (Role::Analyst, Kind::Concern, 6) | (Role::LiaisonOfficer, Kind::Concern, 2) => 3,
            (Role::LiaisonOfficer, Kind::Concern, 9 | 12) => ALL,
            (Role::LiaisonOfficer, Kind::Concern, 6 | 10) | (Role::LawEnforcement, Kind::Concern, 6 | 8) => 7,
            (Role::LawEnforcement, Kind::Concern, 5) | (Role::MissionOfficer, Kind::Concern, 4) => 1,
            (Role::LawEnforcement, Kind::Concern, 7) => 15,
            (Role::LawEnforcement, Kind::Mission | Kind::Contact, 5 | 16) => 3,
            (Role::MissionOfficer, Kind::Concern | Kind::Mission | Kind::Contact, 3)
            | (Role::MissionOfficer, Kind::Concern, 8) => 7,
            (Role::MissionOfficer, Kind::Concern, 6) | (Role::MissionOfficer, Kind::Mission | Kind::Contact, 4) => 3,
            (Role::MissionOfficer, Kind::Liaison, 14) => 3,
            _ => 0,
        }
    }

    /// What every row of a type opens without a line.
    pub fn always(&self, kind: Kind) -> i16 {
        match (self.role, kind) {
            (Role::Analyst | Role::LiaisonOfficer, Kind::Mission | Kind::Contact | Kind::Liaison) => ALL,
            (Role::LawEnforcement, Kind::Liaison) => 3,
            (Role::MissionOfficer, Kind::Mission) => D,
            _ => 0,
        }
    }

    /// Lines that are held now.
    pub fn held(&self) -> Condition {
        Condition::all()
            .add(visibility::Column::Key.is_in(self.keys.iter().cloned()))
            .add(visibility::Column::FromAt.lte(self.now.clone()))
            .add(visibility::Column::UntilAt.gt(self.now.clone()))
    }

    /// The ids of rows of a type that are seen; nothing where all of them are.
    pub fn visible(&self, kind: Kind) -> Option<SelectStatement> {
        if self.always(kind) & D != 0 {
            return None;
        }
        let grounds = (1..=20).filter(|ground| self.opens(kind, *ground) & D != 0);
        Some(self.on(kind, grounds))
    }

    /// The ids of rows of a type with a line on one of these grounds.
    pub fn on(&self, kind: Kind, grounds: impl IntoIterator<Item = i16>) -> SelectStatement {
        visibility::Entity::find()
            .select_only()
            .column(visibility::Column::RowId)
            .filter(self.held())
            .filter(visibility::Column::Kind.eq(kind as i16))
            .filter(visibility::Column::Ground.is_in(grounds))
            .into_query()
    }
}
