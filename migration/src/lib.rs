//! Chancery's schema as append-only steps, the same for SQLite and PostgreSQL.
//!
//! A step is never edited once it has landed: a change is a new step. The steps are SQL text with one
//! substitution (see the module `ddl`), because what matters here (collation, partial indexes, which columns an index
//! covers) is what a reviewer wants to read as it will run.

pub use sea_orm_migration::prelude::*;

mod ddl;
mod m0001_registry;
mod m0002_graph;
mod m0003_visibility;
mod m0005_coordinates;
mod m0007_search;
mod m0008_posts;
mod m0009_desk;
mod m0010_response_clock;
mod m0011_audit;
mod m0012_evidence;
mod m0013_advisory;
mod m0014_changes;
mod m0015_mission_change;
mod m0016_trust;
mod m0017_trail_numbers;
mod m0018_documents;
mod m0019_lists;
mod m0020_due;
mod m0021_visits;
mod m0022_details;
mod m0023_programmes;
mod missing;

pub use m0011_audit::audit_grants;
pub use missing::missing;

/// Runs the steps in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_registry::Migration),
            Box::new(m0002_graph::Migration),
            Box::new(m0003_visibility::Migration),
            Box::new(m0005_coordinates::Migration),
            Box::new(m0007_search::Migration),
            Box::new(m0008_posts::Migration),
            Box::new(m0009_desk::Migration),
            Box::new(m0010_response_clock::Migration),
            Box::new(m0011_audit::Migration),
            Box::new(m0012_evidence::Migration),
            Box::new(m0013_advisory::Migration),
            Box::new(m0014_changes::Migration),
            Box::new(m0015_mission_change::Migration),
            Box::new(m0016_trust::Migration),
            Box::new(m0017_trail_numbers::Migration),
            Box::new(m0018_documents::Migration),
            Box::new(m0019_lists::Migration),
            Box::new(m0020_due::Migration),
            Box::new(m0021_visits::Migration),
            Box::new(m0022_details::Migration),
            Box::new(m0023_programmes::Migration),
        ]
    }
}
