//! The tables of the types: what stands in them, and what points to their rows.

use chancery::access::Kind;
use sea_orm::{EntityTrait, IdenStatic as _, Iterable as _};

/// What points to a row that is going to be deleted.
pub fn before_deletion(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Entry => {
            &["delete from evidence where entry_id = '{id}'", "delete from entry_audience where entry_id = '{id}'"]
        }
        Kind::Concern => &[
            "delete from evidence where concern_id = '{id}'",
            "delete from entry_audience where entry_id in (select id from entry where concern_id = '{id}')",
            "delete from entry where concern_id = '{id}'",
            "delete from share where concern_id = '{id}'",
            "delete from referral where concern_id = '{id}'",
        ],
        Kind::Advisory => &[
            "delete from acknowledgement where advisory_id = '{id}'",
            "update advisory set supersedes_id = null where supersedes_id = '{id}'",
        ],
        Kind::Leg => {
            &["delete from advance_note where leg_id = '{id}'", "delete from visit_conflict where leg_id = '{id}'"]
        }
        Kind::Shift => &["update shift set relieves_id = null where relieves_id = '{id}'"],
        Kind::ProtectiveDetail => &[
            "delete from shift where detail_id = '{id}'",
            "delete from assignment where detail_id = '{id}'",
            "delete from detail_agency where detail_id = '{id}'",
        ],
        Kind::Venue => &["update leg set venue_id = null where venue_id = '{id}'"],
        Kind::Visit => &[
            "update concern set visit_id = null where visit_id = '{id}'",
            "delete from advance_note where visit_id = '{id}' or leg_id in (select id from leg where visit_id = '{id}')",
            "update protective_detail set visit_id = null where visit_id = '{id}'",
            "delete from visit_conflict where visit_id = '{id}' or other_visit_id = '{id}'",
            "delete from visit_conflict where leg_id in (select id from leg where visit_id = '{id}')",
            "delete from weapons_notice where visit_id = '{id}'",
            "delete from port_courtesy where visit_id = '{id}'",
            "delete from delegate where visit_id = '{id}'",
            "delete from leg where visit_id = '{id}'",
            "delete from venue where visit_id = '{id}'",
        ],
        Kind::Incident => &["delete from incident_entry where incident_id = '{id}'"],
        Kind::Finding => &["update advice set finding_id = null where finding_id = '{id}'"],
        Kind::ProgrammeReview => &["update finding set review_id = null where review_id = '{id}'"],
        Kind::PostProgramme => &[
            "update advice set finding_id = null where finding_id in (select id from finding where programme_id = '{id}')",
            "delete from finding where programme_id = '{id}'",
            "delete from programme_review where programme_id = '{id}'",
        ],
        Kind::Premises => &["update concern set premises_id = null where premises_id = '{id}'"],
        Kind::Liaison => &["delete from liaison_mission where liaison_id = '{id}'"],
        Kind::Post => &[
            "delete from incident_entry where incident_id in (select id from incident where post_id = '{id}')",
            "delete from incident where post_id = '{id}'",
            "delete from advice where post_id = '{id}'",
            "delete from finding where post_id = '{id}'",
            "delete from programme_review where post_id = '{id}'",
            "delete from post_programme where post_id = '{id}'",
            "delete from tour where post_id = '{id}'",
            "update person set post_id = null where post_id = '{id}'",
            "update post set constituent_of_id = null where constituent_of_id = '{id}'",
        ],
        _ => &[],
    }
}

/// Every column of a type.
pub fn all_columns(kind: Kind) -> Vec<String> {
    fn of<E: EntityTrait>() -> Vec<String> {
        E::Column::iter().map(|column| column.as_str().to_owned()).collect()
    }
    match kind {
        Kind::SendingState => of::<entity::sending_state::Entity>(),
        Kind::Agency => of::<entity::agency::Entity>(),
        Kind::Person => of::<entity::person::Entity>(),
        Kind::Mission => of::<entity::mission::Entity>(),
        Kind::Premises => of::<entity::premises::Entity>(),
        Kind::SecurityContact => of::<entity::security_contact::Entity>(),
        Kind::Liaison => of::<entity::liaison::Entity>(),
        Kind::Concern => of::<entity::concern::Entity>(),
        Kind::Entry => of::<entity::entry::Entity>(),
        Kind::Referral => of::<entity::referral::Entity>(),
        Kind::Share => of::<entity::share::Entity>(),
        Kind::Post => of::<entity::post::Entity>(),
        Kind::Evidence => of::<entity::evidence::Entity>(),
        Kind::Advisory => of::<entity::advisory::Entity>(),
        Kind::Acknowledgement => of::<entity::acknowledgement::Entity>(),
        Kind::MissionChange => of::<entity::mission_change::Entity>(),
        Kind::Visit => of::<entity::visit::Entity>(),
        Kind::Venue => of::<entity::venue::Entity>(),
        Kind::Leg => of::<entity::leg::Entity>(),
        Kind::Delegate => of::<entity::delegate::Entity>(),
        Kind::PortCourtesy => of::<entity::port_courtesy::Entity>(),
        Kind::WeaponsNotice => of::<entity::weapons_notice::Entity>(),
        Kind::VisitConflict => of::<entity::visit_conflict::Entity>(),
        Kind::AdvanceNote => of::<entity::advance_note::Entity>(),
        Kind::ProtectiveDetail => of::<entity::protective_detail::Entity>(),
        Kind::Assignment => of::<entity::assignment::Entity>(),
        Kind::Shift => of::<entity::shift::Entity>(),
        Kind::Tour => of::<entity::tour::Entity>(),
        Kind::PostProgramme => of::<entity::post_programme::Entity>(),
        Kind::ProgrammeReview => of::<entity::programme_review::Entity>(),
        Kind::Finding => of::<entity::finding::Entity>(),
        Kind::Advice => of::<entity::advice::Entity>(),
        Kind::Incident => of::<entity::incident::Entity>(),
        Kind::IncidentEntry => of::<entity::incident_entry::Entity>(),
        Kind::AuditEvent => of::<entity::audit_event::Entity>(),
    }
}
