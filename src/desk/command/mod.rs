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

use std::sync::Arc;

use time::OffsetDateTime;

pub use self::{
    act::{Act, Beside, Seen},
    input::{Input, place, refused},
};
use super::{
    advisory, agency, concern, contact, detail, documents::Documents, liaison, mission, people, visit, windows,
    work::Work,
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

/// Every command has its place: one that is missing does not compile.
async fn run(act: &mut Act<'_>, command: Command, input: &Input) -> Result<Vec<String>> {
    match command {
        Command::RaiseConcern => concern::raise(act, input).await,
        Command::ReplyToConcern => concern::reply(act, input).await,
        Command::AcknowledgeConcern
        | Command::StartConcern
        | Command::RequestFromMission
        | Command::RespondToConcern
        | Command::ResolveConcern
        | Command::WithdrawConcern => concern::advance(act, input).await,
        Command::AssignConcern => concern::assign(act, input).await,
        Command::CloseConcern => concern::close(act, input).await,
        Command::ReopenConcern => concern::reopen(act, input).await,
        Command::MarkConcern => concern::mark(act, input).await,
        Command::SetSeverity => concern::set_severity(act, input).await,
        Command::AddInternalEntry => concern::note(act, input).await,
        Command::AddEvidence => concern::add_evidence(act, input).await,
        Command::ShareConcern => concern::share(act, input).await,
        Command::RevokeShare => concern::revoke(act, input).await,
        Command::ReferConcern => concern::refer(act, input).await,
        Command::AcceptReferral => concern::accept(act, input).await,
        Command::DeclineReferral => concern::decline(act, input).await,
        Command::CompleteReferral => concern::complete(act, input).await,
        Command::SetCaseNumber => concern::set_case_number(act, input).await,
        Command::IssueAdvisory => advisory::issue(act, input).await,
        Command::SupersedeAdvisory => advisory::supersede(act, input).await,
        Command::AcknowledgeAdvisory => advisory::acknowledge(act, input).await,
        Command::AddSecurityContact => contact::add(act, input).await,
        Command::UpdateSecurityContact => contact::update(act, input).await,
        Command::RemoveSecurityContact => contact::remove(act, input).await,
        Command::ProposeMissionChange => mission::propose(act, input).await,
        Command::AcceptMissionChange => mission::accept(act, input).await,
        Command::DeclineMissionChange => mission::decline(act, input).await,
        Command::LinkConcernToVisit => concern::link_to_visit(act, input).await,
        Command::AnnounceVisit => visit::announce(act, input).await,
        Command::ChangeVisit => visit::change(act, input).await,
        Command::AcceptVisit => visit::accept(act, input).await,
        Command::DeclineVisit => visit::decline(act, input).await,
        Command::StartVisit | Command::CompleteVisit => visit::advance(act, input).await,
        Command::CancelVisit => visit::cancel(act, input).await,
        Command::AssessVisit => visit::assess(act, input).await,
        Command::AddVenue => visit::add_venue(act, input).await,
        Command::RemoveVenue => visit::remove_venue(act, input).await,
        Command::AddLeg => visit::add_leg(act, input).await,
        Command::ChangeLeg => visit::change_leg(act, input).await,
        Command::RemoveLeg => visit::remove_leg(act, input).await,
        Command::SetLegRoute => visit::set_leg_route(act, input).await,
        Command::AddDelegate => visit::add_delegate(act, input).await,
        Command::RemoveDelegate => visit::remove_delegate(act, input).await,
        Command::RequestPortCourtesy => visit::request_port_courtesy(act, input).await,
        Command::DecidePortCourtesy => visit::decide_port_courtesy(act, input).await,
        Command::FileWeaponsNotice => visit::file_weapons_notice(act, input).await,
        Command::DecideWeaponsNotice => visit::decide_weapons_notice(act, input).await,
        Command::OpenDetail => detail::open(act, input).await,
        Command::CloseDetail => detail::close(act, input).await,
        Command::HandOverDetail => detail::hand_over(act, input).await,
        Command::SetSafeHaven => detail::set_safe_haven(act, input).await,
        Command::AssignAgent => detail::assign(act, input).await,
        Command::EndAssignment => detail::end_assignment(act, input).await,
        Command::AddDetailAgency => detail::add_agency(act, input).await,
        Command::RemoveDetailAgency => detail::remove_agency(act, input).await,
        Command::AddShift => detail::add_shift(act, input).await,
        Command::RemoveShift => detail::remove_shift(act, input).await,
        Command::RelieveShift => detail::relieve_shift(act, input).await,
        Command::AddAdvanceNote => detail::add_advance_note(act, input).await,
        Command::EnrolPerson => people::enrol(act, input).await,
        Command::DisablePerson => people::disable(act, input).await,
        Command::EnablePerson => people::enable(act, input).await,
        Command::RevokePersonTokens => people::revoke_tokens(act, input).await,
        Command::AddToPortfolio => people::add_to_portfolio(act, input).await,
        Command::RemoveFromPortfolio => people::remove_from_portfolio(act, input).await,
        Command::AddWatchShift => people::add_watch_shift(act, input).await,
        Command::RemoveWatchShift => people::remove_watch_shift(act, input).await,
        Command::AddLiaison => liaison::add(act, input).await,
        Command::UpdateLiaison => liaison::update(act, input).await,
        Command::RemoveLiaison => liaison::remove(act, input).await,
        Command::RegisterAgency => agency::register(act, input).await,
        Command::SetAgencyCeiling => agency::set_its_ceiling(act, input).await,
        Command::AddAgencyKey => agency::add_key(act, input).await,
        Command::RemoveAgencyKey => agency::remove_key(act, input).await,
        Command::SetAgencyKeySource => agency::set_key_source(act, input).await,
        Command::ConfirmAgencyAreas => agency::confirm_areas(act, input).await,
        Command::RemoveAgencyArea => agency::remove_area(act, input).await,
        Command::AddAgencyMission => agency::add_mission(act, input).await,
        Command::RemoveAgencyMission => agency::remove_mission(act, input).await,
        Command::SuspendAgency => agency::suspend(act, input).await,
        Command::ReinstateAgency => agency::reinstate(act, input).await,
        Command::RevokeToken => agency::revoke_token(act, input).await,
        Command::RevokeAgencyTokens => agency::revoke_tokens(act, input).await,
    }
}
