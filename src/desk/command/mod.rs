//! What people do through the graph: one command, one transaction.
//!
//! A command is done *on* one row. The row is looked at as the principal sees it, by the statement that would answer
//! a question about it; what is not visible is NOT_FOUND, what is visible on grounds that do not grant the command is
//! FORBIDDEN. Then it decides, changes rows, and writes its entry; what follows from the rows is made anew at commit.
//!
//! Commands are done one after the other, on PostgreSQL as on SQLite: each holds the lock under which lines of the
//! visibility table are made, from before it looks until it has committed. So what it decided by is so when it is
//! written, standing among it, and no two officers answer the same question twice.
//!
//! What was done stands in the audit trail with it, in the same transaction; what was refused stands there too, with the
//! code and what was aimed at, never with what was said.

mod act;
mod input;
mod replay;

use std::{pin::Pin, sync::Arc};

use time::OffsetDateTime;

pub use self::{
    act::{Act, Beside, Seen},
    input::{Input, place, refused},
};
use super::{
    advisory, agency, concern, contact, detail, documents::Documents, incident, liaison, mission, people, post, visit,
    windows, work::Work,
};
use crate::{
    access::Command,
    audit::{self, Decision, Event},
    clock::Clock,
    error::{Code, DatabaseFault, Error, Result},
    identity::Principal,
    model::mutation::{IDEMPOTENCY_KEY, Mutation},
    read::{Asker, Looks, value::Value},
    store::Store,
};

/// Does commands.
#[derive(Clone, Debug)]
pub struct Desk {
    store: Store,
    clock: Clock,
    looks: Arc<Looks>,
    pub(super) documents: Documents,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Performed {
    /// It is done: the rows made or changed, in the order of the payload; empty texts where there is none.
    Done(Vec<String>),
    /// Nothing was done: the registry is at this version, and the principal was made under an older one.
    Stale(i64),
}

impl Desk {
    /// Over a database.
    pub fn new(store: &Store, clock: &Clock) -> Self {
        let documents = Documents::of(store);
        Self {
            store: store.clone(),
            clock: clock.clone(),
            looks: Arc::new(Looks::new(store.engine().into())),
            documents,
        }
    }

    /// The present, by which inputs are judged.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// Tells whoever follows what has changed by the clock alone since this was last asked.
    pub async fn by_clock(&self) -> Result<()> {
        windows::tell(&self.store, &self.clock).await
    }

    /// Does one command, or nothing. `given` is its input, coerced by its types.
    pub async fn perform(
        &self,
        principal: &Principal,
        asker: &Asker,
        mutation: &'static Mutation,
        given: &Value,
    ) -> Result<Performed, Vec<Error>> {
        let input = match Input::judge(mutation, given, self.now()) {
            Ok(input) => input,
            Err(errors) => return Err(self.refused(principal, mutation, &Input::default(), errors).await),
        };
        match Box::pin(self.decide(principal, asker, mutation, &input)).await {
            Ok(performed) => Ok(performed),
            Err(error) => Err(self.refused(principal, mutation, &input, vec![error]).await),
        }
    }

    /// Tells the audit trail of a refusal, and hands it on: one that could not be written down is not told either.
    ///
    /// The transaction of the command is gone by now, with all that it did. What failed by our fault is no refusal, nor is
    /// a turn that did not come: to tell of it would wait for the same chain. Others wait for it as long as for a turn.
    async fn refused(
        &self,
        principal: &Principal,
        mutation: &'static Mutation,
        input: &Input,
        errors: Vec<Error>,
    ) -> Vec<Error> {
        let decided = |code: &Code| !matches!(code, Code::Internal | Code::Timeout);
        let Some(code) = errors.first().map(|error| error.code).filter(decided) else { return errors };
        let told = async {
            let mut work = Work::begin_soon(&self.store, &self.clock).await?;
            let event = Event::by(principal, self.clock.now_text(), mutation.command.name(), Decision::Refused(code));
            work.tell(audit::DESK, Event { objects: input.named(), ..event });
            work.commit().await
        };
        told.await.map_or_else(|error: Error| vec![error], |()| errors)
    }

    async fn decide(
        &self,
        principal: &Principal,
        asker: &Asker,
        mutation: &'static Mutation,
        input: &Input,
    ) -> Result<Performed> {
        let work = Work::begin_turn(&self.store, &self.clock).await.map_err(busy)?;
        let mut act = Act::new(work, principal, asker, &self.looks, mutation);
        let stale = |standing: i64| (standing != principal.standing_version()).then_some(Performed::Stale(standing));
        if input.has(IDEMPOTENCY_KEY) {
            if let Some(stale) = stale(act.standing_version().await?) {
                return Ok(stale);
            }
            if let Some(changed) = replay::earlier(&act, input).await? {
                act.replayed(&changed).await?;
                return Ok(Performed::Done(changed));
            }
        }
        let done = run(&mut act, mutation.command, input).await.map_err(busy);
        // The statement that looked at the row has told it; whatever was decided under another standing is void.
        match act.standing_version().await {
            Ok(standing) => {
                if let Some(stale) = stale(standing) {
                    return Ok(stale);
                }
            }
            // After a failure of the database it tells nothing more.
            Err(error) => return Err(done.err().unwrap_or(error)),
        }
        let changed = done?;
        replay::keep(&mut act, input, &changed)?;
        act.commit().await.map_err(busy)?;
        Ok(Performed::Done(changed))
    }
}

/// An error while the turn was waited for: that it did not come is no fault of ours, and nothing was done.
fn busy(error: Error) -> Error {
    let fault = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<DatabaseFault>());
    if fault.is_some_and(DatabaseFault::is_busy) {
        let message = "busy: something large is being written; nothing was done, ask again";
        return Error { cause: error.cause, ..Error::new(Code::Timeout, message) };
    }
    error
}

/// A command that is being done.
type Doing<'t> = Pin<Box<dyn Future<Output = Result<Vec<String>>> + Send + 't>>;

/// Puts it on the heap. A build that is not optimised keeps a place on the stack for whatever a function makes: here it is for
/// one command, in [`run`] it would be for all of them, beneath all that each of them calls.
fn boxed<'t, F>(begin: impl FnOnce() -> F) -> Doing<'t>
where
    F: Future<Output = Result<Vec<String>>> + Send + 't,
{
    Box::pin(begin())
}

/// Every command has its place: one that is missing does not compile.
fn run<'t>(act: &'t mut Act<'_>, command: Command, input: &'t Input) -> Doing<'t> {
    match command {
        Command::RaiseConcern => boxed(move || concern::raise(act, input)),
        Command::ReplyToConcern => boxed(move || concern::reply(act, input)),
        Command::AcknowledgeConcern
        | Command::StartConcern
        | Command::RequestFromMission
        | Command::RespondToConcern
        | Command::ResolveConcern
        | Command::WithdrawConcern => boxed(move || concern::advance(act, input)),
        Command::AssignConcern => boxed(move || concern::assign(act, input)),
        Command::CloseConcern => boxed(move || concern::close(act, input)),
        Command::ReopenConcern => boxed(move || concern::reopen(act, input)),
        Command::MarkConcern => boxed(move || concern::mark(act, input)),
        Command::SetSeverity => boxed(move || concern::set_severity(act, input)),
        Command::AddInternalEntry => boxed(move || concern::note(act, input)),
        Command::AddEvidence => boxed(move || concern::add_evidence(act, input)),
        Command::ShareConcern => boxed(move || concern::share(act, input)),
        Command::RevokeShare => boxed(move || concern::revoke(act, input)),
        Command::ReferConcern => boxed(move || concern::refer(act, input)),
        Command::AcceptReferral => boxed(move || concern::accept(act, input)),
        Command::DeclineReferral => boxed(move || concern::decline(act, input)),
        Command::CompleteReferral => boxed(move || concern::complete(act, input)),
        Command::SetCaseNumber => boxed(move || concern::set_case_number(act, input)),
        Command::IssueAdvisory => boxed(move || advisory::issue(act, input)),
        Command::SupersedeAdvisory => boxed(move || advisory::supersede(act, input)),
        Command::AcknowledgeAdvisory => boxed(move || advisory::acknowledge(act, input)),
        Command::AddSecurityContact => boxed(move || contact::add(act, input)),
        Command::UpdateSecurityContact => boxed(move || contact::update(act, input)),
        Command::RemoveSecurityContact => boxed(move || contact::remove(act, input)),
        Command::ProposeMissionChange => boxed(move || mission::propose(act, input)),
        Command::AcceptMissionChange => boxed(move || mission::accept(act, input)),
        Command::DeclineMissionChange => boxed(move || mission::decline(act, input)),
        Command::LinkConcernToVisit => boxed(move || concern::link_to_visit(act, input)),
        Command::AnnounceVisit => boxed(move || visit::announce(act, input)),
        Command::ChangeVisit => boxed(move || visit::change(act, input)),
        Command::AcceptVisit => boxed(move || visit::accept(act, input)),
        Command::DeclineVisit => boxed(move || visit::decline(act, input)),
        Command::StartVisit | Command::CompleteVisit => boxed(move || visit::advance(act, input)),
        Command::CancelVisit => boxed(move || visit::cancel(act, input)),
        Command::AssessVisit => boxed(move || visit::assess(act, input)),
        Command::AddVenue => boxed(move || visit::add_venue(act, input)),
        Command::RemoveVenue => boxed(move || visit::remove_venue(act, input)),
        Command::AddLeg => boxed(move || visit::add_leg(act, input)),
        Command::ChangeLeg => boxed(move || visit::change_leg(act, input)),
        Command::RemoveLeg => boxed(move || visit::remove_leg(act, input)),
        Command::SetLegRoute => boxed(move || visit::set_leg_route(act, input)),
        Command::AddDelegate => boxed(move || visit::add_delegate(act, input)),
        Command::RemoveDelegate => boxed(move || visit::remove_delegate(act, input)),
        Command::RequestPortCourtesy => boxed(move || visit::request_port_courtesy(act, input)),
        Command::DecidePortCourtesy => boxed(move || visit::decide_port_courtesy(act, input)),
        Command::FileWeaponsNotice => boxed(move || visit::file_weapons_notice(act, input)),
        Command::DecideWeaponsNotice => boxed(move || visit::decide_weapons_notice(act, input)),
        Command::OpenDetail => boxed(move || detail::open(act, input)),
        Command::CloseDetail => boxed(move || detail::close(act, input)),
        Command::HandOverDetail => boxed(move || detail::hand_over(act, input)),
        Command::SetSafeHaven => boxed(move || detail::set_safe_haven(act, input)),
        Command::AssignAgent => boxed(move || detail::assign(act, input)),
        Command::EndAssignment => boxed(move || detail::end_assignment(act, input)),
        Command::AddDetailAgency => boxed(move || detail::add_agency(act, input)),
        Command::RemoveDetailAgency => boxed(move || detail::remove_agency(act, input)),
        Command::AddShift => boxed(move || detail::add_shift(act, input)),
        Command::RemoveShift => boxed(move || detail::remove_shift(act, input)),
        Command::RelieveShift => boxed(move || detail::relieve_shift(act, input)),
        Command::AddAdvanceNote => boxed(move || detail::add_advance_note(act, input)),
        Command::RecordTour => boxed(move || post::record_tour(act, input)),
        Command::ChangeTour => boxed(move || post::change_tour(act, input)),
        Command::RemoveTour => boxed(move || post::remove_tour(act, input)),
        Command::EstablishProgramme => boxed(move || post::establish_programme(act, input)),
        Command::EndProgramme => boxed(move || post::end_programme(act, input)),
        Command::RecordReview => boxed(move || post::record_review(act, input)),
        Command::AddFinding => boxed(move || post::add_finding(act, input)),
        Command::ResolveFinding => boxed(move || post::resolve_finding(act, input)),
        Command::RecordAdvice => boxed(move || post::record_advice(act, input)),
        Command::RecordAdviceDecision => boxed(move || post::record_decision(act, input)),
        Command::SetEmergencyPlan => boxed(move || post::set_emergency_plan(act, input)),
        Command::ReportIncident => boxed(move || incident::report(act, input)),
        Command::CommentOnIncident => boxed(move || incident::comment(act, input)),
        Command::StartIncident | Command::ResolveIncident | Command::CloseIncident | Command::ReopenIncident => {
            boxed(move || incident::advance(act, input))
        }
        Command::SetIncidentSeverity => boxed(move || incident::set_severity(act, input)),
        Command::MarkIncident => boxed(move || incident::mark(act, input)),
        Command::EnrolPerson => boxed(move || people::enrol(act, input)),
        Command::DisablePerson => boxed(move || people::disable(act, input)),
        Command::EnablePerson => boxed(move || people::enable(act, input)),
        Command::RevokePersonTokens => boxed(move || people::revoke_tokens(act, input)),
        Command::AddToPortfolio => boxed(move || people::add_to_portfolio(act, input)),
        Command::RemoveFromPortfolio => boxed(move || people::remove_from_portfolio(act, input)),
        Command::AddWatchShift => boxed(move || people::add_watch_shift(act, input)),
        Command::RemoveWatchShift => boxed(move || people::remove_watch_shift(act, input)),
        Command::AddLiaison => boxed(move || liaison::add(act, input)),
        Command::UpdateLiaison => boxed(move || liaison::update(act, input)),
        Command::RemoveLiaison => boxed(move || liaison::remove(act, input)),
        Command::RegisterAgency => boxed(move || agency::register(act, input)),
        Command::SetAgencyCeiling => boxed(move || agency::set_its_ceiling(act, input)),
        Command::AddAgencyKey => boxed(move || agency::add_key(act, input)),
        Command::RemoveAgencyKey => boxed(move || agency::remove_key(act, input)),
        Command::SetAgencyKeySource => boxed(move || agency::set_key_source(act, input)),
        Command::ConfirmAgencyAreas => boxed(move || agency::confirm_areas(act, input)),
        Command::RemoveAgencyArea => boxed(move || agency::remove_area(act, input)),
        Command::AddAgencyMission => boxed(move || agency::add_mission(act, input)),
        Command::RemoveAgencyMission => boxed(move || agency::remove_mission(act, input)),
        Command::SuspendAgency => boxed(move || agency::suspend(act, input)),
        Command::ReinstateAgency => boxed(move || agency::reinstate(act, input)),
        Command::RevokeToken => boxed(move || agency::revoke_token(act, input)),
        Command::RevokeAgencyTokens => boxed(move || agency::revoke_tokens(act, input)),
    }
}
