//! One schema per role, and our executor.
//!
//! A request goes through: the text that it names → scan, parse, bounds, validation (once per role and text) → coercion
//! of its variables → the plan for their shape (once per shape) → one statement → the response, put together as text.

mod bounds;
mod caches;
mod cost;
mod document;
mod examine;
#[cfg(test)]
mod fuzz;
mod introspect;
mod merging;
mod mutation;
mod persisted;
mod quota;
mod request;
mod respond;
mod scan;
mod schema;
mod subscription;
mod trail;
mod trusted;
mod validate;

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::dynamic::Schema;
use async_graphql_parser::types::{OperationDefinition, OperationType};

pub use examine::{Examined, Examiner};
pub use mutation::Progress;
pub use quota::{Left, Meter};
pub use request::{GraphRequest, GraphResponse, Outcome};
pub use subscription::{Said, Stream};

use self::{
    caches::{Caches, Introspected, known, plan_key},
    cost::told_cost,
    document::{Document, is_no_query},
    merging::Shapes,
    quota::Quotas,
    respond::{refused, respond},
    trusted::Trusted,
};
use crate::{
    access::{POLICY_EPOCH, Role},
    audit::Trail,
    clock::{self, Clock},
    config::{self, Limits},
    desk::Desk,
    error::{Code, Error, Result},
    identity::Principal,
    live::Hub,
    model::{
        query::ViewerSource,
        view::{InputRef, View},
    },
    read::{
        Asker, Reader, Scope,
        coerce::{Coercion, Variables, declared},
        plan::{Plan, Planner, Question, Slot},
        value::Value,
    },
};

/// A role's part of the graph.
#[derive(Debug)]
struct RoleGraph {
    view: View,
    schema: Schema,
    shapes: Shapes,
}

impl RoleGraph {
    fn of(role: Role) -> Result<Self> {
        let view = View::of(role);
        let schema = schema::build(&view)?;
        let shapes = Shapes::of(&schema::sdl(&schema))?;
        Ok(Self { view, schema, shapes })
    }
}

/// Answers questions.
#[derive(Debug)]
pub struct Gateway {
    roles: Arc<BTreeMap<Role, RoleGraph>>,
    reader: Arc<Reader>,
    desk: Desk,
    trail: Trail,
    live: Hub,
    clock: Clock,
    quotas: Quotas,
    limits: Limits,
    /// As they are for each role.
    role_limits: BTreeMap<Role, Limits>,
    watch_phone: Option<String>,
    cache: config::Cache,
    caches: Caches,
    trusted: Arc<Trusted>,
}

impl Gateway {
    /// Over a reader, a desk, the trail that is told what is read, and the streams. `watch_phone` is whom everybody may
    /// call at DSS, E.164.
    pub fn new(
        (reader, desk, trail, live): (Reader, Desk, Trail, Hub),
        clock: Clock,
        limits: Limits,
        cache: &config::Cache,
        watch_phone: Option<String>,
    ) -> Result<Self> {
        Ok(Self {
            roles: Arc::new(Role::ALL.into_iter().map(|role| Ok((role, RoleGraph::of(role)?))).collect::<Result<_>>()?),
            reader: Arc::new(reader),
            desk,
            trail,
            live,
            clock,
            quotas: Quotas::new(&limits),
            role_limits: by_role(&limits),
            limits,
            watch_phone,
            cache: cache.clone(),
            caches: Caches::new(cache),
            trusted: Arc::new(Trusted::new(cache)),
        })
    }

    /// The same under another configuration: what is under way in this one ends in it. What people and agencies have used
    /// of their quotas, the trail and the streams go on; with other limits, what was read under the old ones is read anew.
    /// Without another reader it has this one's. What this one keeps for later is given back: streams that began in it
    /// may go on for long.
    #[must_use]
    pub fn renewed(
        &self,
        reader: Option<Reader>,
        limits: Limits,
        cache: &config::Cache,
        watch_phone: Option<String>,
    ) -> Self {
        // Documents are within limits, and plans are in their reader's dialect.
        let keeps = reader.is_none() && limits == self.limits && *cache == self.cache;
        if !keeps {
            self.caches.forget();
        }
        if reader.is_some() {
            self.reader.retire();
        }
        Self {
            roles: Arc::clone(&self.roles),
            reader: reader.map_or_else(|| Arc::clone(&self.reader), Arc::new),
            desk: self.desk.clone(),
            trail: self.trail.clone(),
            live: self.live.clone(),
            clock: self.clock.clone(),
            quotas: self.quotas.within(&limits),
            role_limits: by_role(&limits),
            limits,
            watch_phone,
            caches: if keeps { self.caches.clone() } else { Caches::new(cache) },
            cache: cache.clone(),
            trusted: Trusted::within(&self.trusted, cache),
        }
    }

    fn limits_of(&self, role: Role) -> &Limits {
        self.role_limits.get(&role).unwrap_or(&self.limits)
    }

    /// Statements run so far.
    pub fn statements(&self) -> u64 {
        self.reader.statements()
    }

    /// Runs one operation for one principal.
    pub async fn execute(&self, principal: &Principal, request: &GraphRequest) -> GraphResponse {
        match self.answer(principal, request).await {
            Ok(Ok(body)) => GraphResponse { body, outcome: Outcome::Ran },
            Ok(Err(outcome)) => GraphResponse { body: String::new(), outcome },
            Err(errors) => refused(&errors, &request.request_id),
        }
    }

    async fn answer(
        &self,
        principal: &Principal,
        request: &GraphRequest,
    ) -> std::result::Result<std::result::Result<String, Outcome>, Vec<Error>> {
        let one = |error: Error| vec![error];
        self.charge_request(principal, &request.meter).map_err(one)?;
        let role = principal.role();
        let graph = self.roles.get(&role).ok_or_else(|| one(Error::internal("a role without a schema")))?;
        let resolved = self.asked(principal, request).await.map_err(one)?;
        let request = resolved.request();
        let text: Arc<str> = request.query.as_str().into();
        let document = match self.accepted(principal, graph, &resolved, &text).await {
            Ok(document) => document,
            Err(errors) => {
                let name = request.operation_name.as_deref();
                let is_by_get =
                    request.read_only && resolved.is_open() && is_no_query(&text, name, self.limits_of(role));
                return if is_by_get { Ok(Err(Outcome::NotByGet)) } else { Err(errors) };
            }
        };
        let operation = document.operation(request.operation_name.as_deref()).map_err(one)?;
        request.meter.saw(document.name(request.operation_name.as_deref()));
        if operation.ty != OperationType::Query && request.read_only {
            return Ok(Err(Outcome::NotByGet));
        }
        if operation.ty == OperationType::Subscription {
            let message =
                "a subscription is told over a WebSocket at /graphql/ws, or by server-sent events at /graphql/stream";
            return Err(one(Error::input(message)));
        }
        let declared = declared(&graph.view, operation).map_err(one)?;
        let longest = self.limits_of(role).list_arguments;
        let coercion = Coercion { view: &graph.view, declared: &declared, longest };
        let variables = variables(coercion, operation, request).map_err(one)?;
        let scope = Scope { role, internal: principal.standing().is_internal() };
        let question =
            Question { document: &document.ast, operation, variables: &variables, declared: &declared, longest };
        if operation.ty == OperationType::Mutation {
            return self.mutate(principal, request, graph, question).await;
        }
        let plan = self.plan(graph, scope, &text, question, request.operation_name.as_deref()).map_err(one)?;
        let asker = self.asker(principal, scope, request, Some(&plan));
        let cost = plan.cost.of(&variables, &asker).and_then(|cost| self.within_cost(role, cost)).map_err(one)?;
        self.charge_cost(principal, &request.meter, cost).map_err(one)?;
        let limit = self.limits.operation_time();
        let read = tokio::time::timeout(limit, self.reader.run(&plan, &variables, &asker))
            .await
            .map_err(|_| one(Error::new(Code::Timeout, format!("stopped after {} s", limit.as_secs()))))?
            .map_err(one)?;
        let mut columns = Vec::new();
        if let Some(read) = read {
            // Standing changed since the principal was made: the answer may show what it no longer should.
            if read.standing_version != principal.standing_version() {
                return Ok(Err(Outcome::Stale(read.standing_version)));
            }
            self.tell_read(principal, request, &asker.now, &read.disclosed).await.map_err(one)?;
            columns = read.columns;
        }
        let introspected = if plan.slots.iter().any(|(_, slot)| *slot == Slot::Introspection) {
            self.introspect(graph, role, &text, question, request.operation_name.as_deref()).await.map_err(one)?
        } else {
            Arc::default()
        };
        let told = told_cost(request, cost, self.limits_of(role).cost);
        Ok(Ok(respond(&plan, columns, &introspected, &told)))
    }

    async fn document(&self, role: Role, graph: &RoleGraph, text: &Arc<str>) -> Result<Arc<Document>, Vec<Error>> {
        let key = (role, text.clone());
        if let Some(known) = self.caches.documents.get(&key) {
            return Ok(known);
        }
        let document = Document::read(text, &graph.schema, &graph.shapes, self.limits_of(role)).await?;
        self.caches.documents.insert(key, document.clone());
        Ok(document)
    }

    fn plan(
        &self,
        graph: &RoleGraph,
        scope: Scope,
        text: &Arc<str>,
        question: Question<'_>,
        operation_name: Option<&str>,
    ) -> Result<Arc<Plan>> {
        let name = operation_name.unwrap_or_default();
        self.planned(scope, text, question, name, || Planner::plan(&graph.view, scope, self.reader.dialect(), question))
    }

    /// The plan under a name of the document, for the shape of the variables; made when it is not known.
    fn planned(
        &self,
        scope: Scope,
        text: &Arc<str>,
        question: Question<'_>,
        name: &str,
        make: impl FnOnce() -> Result<Plan>,
    ) -> Result<Arc<Plan>> {
        known(&self.caches.plans, plan_key(scope, text, question, name), make)
    }

    async fn introspect(
        &self,
        graph: &RoleGraph,
        role: Role,
        text: &Arc<str>,
        question: Question<'_>,
        operation_name: Option<&str>,
    ) -> Result<Introspected> {
        let Question { document, operation, variables, .. } = question;
        let key = (role, text.clone(), operation_name.unwrap_or_default().to_owned());
        // With variables the answer depends on more than the text.
        let is_constant = operation.variable_definitions.is_empty();
        if let Some(known) = self.caches.introspected.get(&key).filter(|_| is_constant) {
            return Ok(known);
        }
        let answered = Arc::new(introspect::answer(&graph.schema, document, operation, variables).await?);
        if is_constant {
            self.caches.introspected.insert(key, answered.clone());
        }
        Ok(answered)
    }

    /// What `viewer` says of who asks.
    fn viewer(&self, principal: &Principal) -> Vec<(ViewerSource, Value)> {
        let text = |text: &str| Value::Text(text.to_owned());
        let areas = principal.standing().areas.iter().map(|area| text(area)).collect();
        vec![
            (ViewerSource::Role, text(principal.role().name())),
            (ViewerSource::Subject, text(principal.subject())),
            (ViewerSource::PersonName, text(principal.person_name())),
            (ViewerSource::AgencyName, text(principal.agency_name())),
            (ViewerSource::Areas, Value::List(areas)),
            (ViewerSource::TokenExpiresAt, Value::Text(clock::instant(principal.expires_at()))),
            (ViewerSource::WatchPhone, self.watch_phone.as_deref().map_or(Value::Null, text)),
        ]
    }

    /// What a statement may know of who asks, at one instant: for a plan, what that needs.
    fn asker(&self, principal: &Principal, scope: Scope, request: &GraphRequest, plan: Option<&Plan>) -> Asker {
        let standing = principal.standing();
        let now = self.clock.now_text();
        Asker {
            scope,
            keys: principal.keys(&now),
            now,
            bearer: format!("{POLICY_EPOCH}:{}:{}:{}", principal.role(), standing.agency, standing.person),
            agency: standing.agency.clone(),
            person: standing.person.clone(),
            changed: Vec::new(),
            request_id: request.request_id.clone(),
            viewer: plan.filter(|plan| plan.tells_viewer()).map_or_else(Vec::new, |_| self.viewer(principal)),
        }
    }

    /// The schema of a role, as SDL.
    pub fn sdl(&self, role: Role) -> String {
        self.roles.get(&role).map(|graph| schema::sdl(&graph.schema)).unwrap_or_default()
    }
}

fn by_role(limits: &Limits) -> BTreeMap<Role, Limits> {
    Role::ALL.into_iter().map(|role| (role, limits.of_role(role.name()))).collect()
}

/// The schema of a role as SDL, or of all roles together; needs no database.
pub fn sdl(role: Option<Role>) -> Result<String> {
    let view = role.map_or_else(View::union, View::of);
    Ok(schema::sdl(&schema::build(&view)?))
}

/// Coerces the variables that an operation declares (GraphQL specification, section 6.1.2).
fn variables(coercion: Coercion<'_>, operation: &OperationDefinition, request: &GraphRequest) -> Result<Variables> {
    let mut coerced = Variables::new();
    for definition in &operation.variable_definitions {
        let name = definition.node.name.node.as_str();
        let place = format!("${name}");
        let Some((ty, _)) = coercion.declared.get(name) else { continue };
        // A constant of the grammar is a value without variables.
        let default = definition.node.default_value.as_ref().map(|value| value.node.clone().into_value());
        match (request.variables.get(name), default) {
            (Some(given), _) => {
                coerced.insert(name.to_owned(), coercion.json(ty, given, &place)?);
            }
            (None, Some(default)) => {
                coerced.insert(name.to_owned(), coercion.constant(ty, &default, &place)?);
            }
            (None, None) if matches!(ty, InputRef::NonNull(_)) => {
                return Err(Error::input(format!("{place}: expected a value")));
            }
            (None, None) => {}
        }
    }
    Ok(coerced)
}
