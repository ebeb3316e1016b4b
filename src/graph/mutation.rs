//! The fields of a mutation, done one after the other (GraphQL specification, section 6.2.2).
//!
//! Everything that can be refused without a look at the rows is refused first: all inputs are coerced and all
//! payloads planned before the first command is done. Then each is one transaction of the desk's and one statement
//! that reads its payload, with the standing of that moment.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value as Json;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{Gateway, Outcome, RoleGraph, cost::told_cost, request::GraphRequest, schema::MUTATION};
use crate::{
    desk::{self, Performed},
    error::{Code, Error, Result, error_json},
    identity::Principal,
    model::{mutation::Mutation, view::View},
    read::{
        Asker, Scope,
        coerce::Coercion,
        collect::{Collector, Picked},
        plan::{Plan, Planner, Question},
        value::{Arg, Value},
    },
    telemetry::traces,
};

/// What of a mutation was done before standing changed under it: when it is asked again it is not done again.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<Begun>>);

/// A mutation that was begun.
#[derive(Debug, Default)]
struct Begun {
    /// Its text, once anything is done of it.
    text: Option<Arc<str>>,
    /// What became of its fields, by response key.
    fields: BTreeMap<String, Done>,
}

/// What became of a field.
#[derive(Clone, Debug)]
enum Done {
    /// The rows it made or changed.
    Changed(Vec<String>),
    /// Why nothing was done, as a client sees it.
    Refused(Vec<Json>),
}

impl PartialEq for Progress {
    /// A question is the same however far it has come.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Progress {
    fn of(&self, key: &str) -> Option<Done> {
        self.begun(|begun| begun.fields.get(key).cloned())
    }

    /// The text of which something is done: a mutation that is gone on with is the one that was begun, whatever the name
    /// that it was asked by stands for now.
    pub(super) fn text(&self) -> Option<Arc<str>> {
        self.begun(|begun| begun.text.clone())
    }

    /// Fields that are done.
    pub fn done(&self) -> usize {
        self.begun(|begun| begun.fields.len())
    }

    fn note(&self, text: &str, key: &str, done: Done) {
        self.begun(|begun| {
            begun.text.get_or_insert_with(|| text.into());
            begun.fields.insert(key.to_owned(), done);
        });
    }

    fn begun<T>(&self, look: impl FnOnce(&mut Begun) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A field that is to be done.
enum Field<'a> {
    /// The name of the type.
    Typename(&'a str),
    /// A command, its input, and the plan of its payload.
    Command { picked: Picked<'a>, mutation: &'static Mutation, input: Value, payload: Arc<Plan> },
}

impl Gateway {
    /// Does the fields of a mutation. An error is a request error: nothing was done.
    pub(super) async fn mutate(
        &self,
        principal: &Principal,
        request: &GraphRequest,
        graph: &RoleGraph,
        question: Question<'_>,
    ) -> std::result::Result<std::result::Result<String, Outcome>, Vec<Error>> {
        let scope = Scope { role: principal.role(), internal: principal.standing().is_internal() };
        let asker = self.asker(principal, scope, request, None);
        let (fields, cost) = self.prepared(graph, &asker, request, question).map_err(|error| vec![error])?;
        self.charge_cost(principal, &request.meter, cost).map_err(|error| vec![error])?;
        let deadline = Instant::now() + self.limits.operation_time();
        let mut data = Vec::with_capacity(fields.len());
        let mut errors: Vec<Json> = Vec::new();
        for field in &fields {
            let (picked, mutation, input, payload) = match field {
                Field::Typename(key) => {
                    data.push(format!("\"{key}\":\"{MUTATION}\""));
                    continue;
                }
                Field::Command { picked, mutation, input, payload } => (picked, *mutation, input, payload),
            };
            let done = match request.progress.of(picked.key) {
                Some(done) => done,
                None => match self.perform(principal, request, (scope, deadline), mutation, input).await {
                    Ok(Performed::Stale(version)) => return Ok(Err(Outcome::Stale(version))),
                    Ok(Performed::Done(rows)) => {
                        self.live.wake();
                        Done::Changed(rows)
                    }
                    Err(refusals) => Done::Refused(told(refusals, picked, request)),
                },
            };
            request.progress.note(&request.query, picked.key, done.clone());
            let changed = match done {
                Done::Changed(rows) => rows,
                Done::Refused(refusals) => {
                    data.push(format!("\"{}\":null", picked.key));
                    errors.extend(refusals);
                    continue;
                }
            };
            match self.payload(principal, request, question, payload, changed).await {
                Ok(Ok(payload)) => data.push(format!("\"{}\":{payload}", picked.key)),
                Ok(Err(version)) => return Ok(Err(Outcome::Stale(version))),
                Err(error) => {
                    data.push(format!("\"{}\":null", picked.key));
                    errors.extend(told(vec![error], picked, request));
                }
            }
        }
        request.meter.saw_failure(errors.first().and_then(Code::of));
        let data = data.join(",");
        let errors = if errors.is_empty() { String::new() } else { format!(",\"errors\":{}", Json::from(errors)) };
        let told = told_cost(request, cost, self.limits_of(scope.role).cost);
        Ok(Ok(format!("{{\"data\":{{{data}}}{errors}{told}}}")))
    }

    /// All fields, coerced and planned, and what the payloads may cost together.
    fn prepared<'a>(
        &self,
        graph: &RoleGraph,
        asker: &Asker,
        request: &GraphRequest,
        question: Question<'a>,
    ) -> Result<(Vec<Field<'a>>, u64)> {
        let scope = asker.scope;
        let Question { document, operation, variables, declared, longest } = question;
        let collector = Collector { document, variables, declared };
        let coercion = Coercion { view: &graph.view, declared, longest };
        let picked = collector.collect(&[&operation.selection_set.node], &[MUTATION])?;
        let (mut fields, mut cost) = (Vec::with_capacity(picked.len()), 0_u64);
        for picked in picked {
            if picked.name == "__typename" {
                fields.push(Field::Typename(picked.key));
                continue;
            }
            let (line, column) = picked.position();
            let known = graph.view.mutations.iter().find(|mutation| mutation.command.name() == picked.name);
            let mutation = *known.ok_or_else(|| {
                let message = format!("type {MUTATION} has no field \"{}\"", picked.name);
                Error::new(Code::GraphqlValidationFailed, message).at(line, column)
            })?;
            let arguments = coercion
                .arguments(&View::mutation_arguments(mutation), &picked.arguments(), variables, picked.name)
                .map_err(|error| error.at(line, column))?;
            let input = arguments.get("input").map_or(Value::Null, Arg::value);
            let name = format!("{} {}", request.operation_name.as_deref().unwrap_or_default(), picked.key);
            let payload = self.planned(scope, &request.query.as_str().into(), question, &name, || {
                Planner::payload(&graph.view, scope, self.reader.dialect(), question, (mutation, &picked))
            })?;
            self.reader.check(&payload, variables, asker).map_err(|error| error.at(line, column))?;
            cost = cost.saturating_add(payload.cost.of(variables, asker).map_err(|error| error.at(line, column))?);
            fields.push(Field::Command { picked, mutation, input, payload });
        }
        Ok((fields, self.within_cost(scope.role, cost)?))
    }

    async fn perform(
        &self,
        principal: &Principal,
        request: &GraphRequest,
        (scope, deadline): (Scope, Instant),
        mutation: &'static Mutation,
        input: &Value,
    ) -> Result<Performed, Vec<Error>> {
        if Instant::now() >= deadline {
            let message = "not begun: the fields before it took all the time there is";
            return Err(vec![Error::new(Code::Timeout, message)]);
        }
        let asker = self.asker(principal, scope, request, None);
        // Dropped half-way, the transaction leaves nothing; dropped while it commits, it may be done all the same.
        let name = mutation.command.name();
        let span = traces::part(|| tracing::info_span!(target: traces::TARGET, "command", chancery.command = name));
        let doing = self.desk.perform(principal, &asker, mutation, input).instrument(span);
        tokio::time::timeout_at(deadline, doing).await.unwrap_or_else(|_| {
            let message = format!(
                "stopped after {} s; whether it was done is not known: ask again with the same idempotencyKey",
                self.limits.operation_time().as_secs()
            );
            Err(vec![Error::new(Code::Timeout, message)])
        })
    }

    /// The payload, or the version of standing under which it was read, if that is not the principal's.
    async fn payload(
        &self,
        principal: &Principal,
        request: &GraphRequest,
        question: Question<'_>,
        plan: &Plan,
        changed: Vec<String>,
    ) -> Result<std::result::Result<String, i64>> {
        let scope = Scope { role: principal.role(), internal: principal.standing().is_internal() };
        let asker = Asker { changed, ..self.asker(principal, scope, request, Some(plan)) };
        let limit = self.limits.operation_time();
        let read = tokio::time::timeout(limit, self.reader.run(plan, question.variables, &asker))
            .await
            .map_err(|_| Error::new(Code::Timeout, "it was done; reading it took too long"))??;
        let Some(read) = read else { return Ok(Ok("null".to_owned())) };
        if read.standing_version != principal.standing_version() {
            return Ok(Err(read.standing_version));
        }
        self.tell_read(principal, request, &asker.now, &read.disclosed).await?;
        Ok(Ok(read.columns.into_iter().next().flatten().unwrap_or_else(|| "null".to_owned())))
    }
}

/// Errors of a field, as a client sees them; the causes go to the log.
fn told(errors: Vec<Error>, picked: &Picked<'_>, request: &GraphRequest) -> Vec<Json> {
    let (line, column) = picked.position();
    errors
        .into_iter()
        .map(|error| {
            if error.cause.is_some() {
                tracing::error!(request_id = %request.request_id, cause = ?error.cause, "command failed");
            }
            let error = error.path(desk::place(picked.key));
            error_json(&if error.locations.is_empty() { error.at(line, column) } else { error }, &request.request_id)
        })
        .collect()
}
