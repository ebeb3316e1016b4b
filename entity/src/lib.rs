//! Chancery's rows: one file per table, rows only.
//!
//! Ids are UUIDv7 as 26 characters of Crockford base32, times are text `2026-11-22T09:30:00.000000Z`, enums are
//! their public names, small lists are JSON arrays as text: the same on both engines, and as a response carries them.

#![allow(
    missing_docs,
    reason = "SeaORM's derives make items (Column, PrimaryKey, ActiveModel) that cannot be documented"
)]

pub mod acknowledgement;
pub mod advance_note;
pub mod advice;
pub mod advisory;
pub mod agency;
pub mod agency_area;
pub mod agency_key;
pub mod agency_mission;
pub mod assignment;
pub mod audit_anchor;
pub mod audit_event;
pub mod change_event;
pub mod change_head;
pub mod concern;
pub mod county;
pub mod delegate;
pub mod detail_agency;
pub mod entry;
pub mod entry_audience;
pub mod evidence;
pub mod finding;
pub mod incident;
pub mod incident_entry;
pub mod leg;
pub mod liaison;
pub mod liaison_mission;
pub mod mission;
pub mod mission_accreditation;
pub mod mission_change;
pub mod performed;
pub mod person;
pub mod port_courtesy;
pub mod portfolio;
pub mod post;
pub mod post_programme;
pub mod premises;
pub mod programme_review;
pub mod protective_detail;
pub mod referral;
pub mod revocation;
pub mod search;
pub mod secret;
pub mod security_contact;
pub mod sending_state;
pub mod share;
pub mod shift;
pub mod standing;
pub mod tour;
pub mod trusted_document;
pub mod us_state;
pub mod venue;
pub mod visibility;
pub mod visit;
pub mod visit_conflict;
pub mod watch_shift;
pub mod weapons_notice;
