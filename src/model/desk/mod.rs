//! The fields of `Mutation`.

mod advisory;
mod agency;
mod concern;
mod detail;
mod incident;
mod mission;
mod people;
mod post;
mod visit;

use super::mutation::Mutation;

/// The fields of `Mutation`, in their order.
pub fn mutations() -> impl Iterator<Item = &'static Mutation> {
    concern::OF_CONCERNS
        .iter()
        .chain(advisory::OF_ADVISORIES)
        .chain(people::OF_PEOPLE)
        .chain(mission::OF_MISSIONS)
        .chain(visit::OF_VISITS)
        .chain(detail::OF_DETAILS)
        .chain(post::OF_POSTS)
        .chain(incident::OF_INCIDENTS)
        .chain(agency::OF_AGENCIES)
}
