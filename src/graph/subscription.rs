//! The field of a subscription, told as long as whoever asked may see (GraphQL specification, section 6.2.3).

use std::{collections::VecDeque, pin::Pin, sync::Arc};

use async_graphql_parser::types::OperationType;

use super::{
    Gateway, GraphRequest, GraphResponse, known, plan_key, refused, trail::operation_name, trusted::Asked, variables,
};
use crate::{
    desk::Desk,
    error::{Code, Error, Result},
    identity::Principal,
    live::{Filter, Message, QUEUE, Shown, Start, Subscription, Tick, Topic, TopicKey},
    model::stream::{AFTER, FILTER, SUBSCRIPTION},
    read::{
        Scope,
        coerce::{Coercion, declared},
        collect::Collector,
        plan::{Planner, Question},
        value::{Arg, Value},
    },
};

/// Bytes of a subscription and its variables.
const LARGEST: usize = 16 * 1024;

/// A stream under way.
#[derive(Debug)]
pub struct Stream {
    request: GraphRequest,
    principal: Arc<Principal>,
    subscription: Subscription,
    /// What was handed over before it was begun anew.
    waiting: VecDeque<Arc<str>>,
}

/// What a stream says next.
#[derive(Debug)]
pub enum Said {
    /// The complete JSON text of a response.
    Event(Arc<str>),
    /// The registry is at this version, and the principal was made under an older one: authenticate again and
    /// [`Gateway::renew`].
    Stale(i64),
    /// That it ends, and why: the JSON of the error.
    Ended(serde_json::Value),
}

impl Stream {
    /// What it says next.
    pub async fn next(&mut self) -> Said {
        if let Some(event) = self.waiting.pop_front() {
            return Said::Event(event);
        }
        match self.subscription.next().await {
            Some(Message::Event(event)) => Said::Event(event),
            Some(Message::Stale(version)) => Said::Stale(version),
            Some(Message::Failed(error)) => {
                if let Some(cause) = &error.cause {
                    tracing::error!(request_id = %self.request.request_id, %cause, "a stream failed");
                }
                self.ended(&Error::new(error.code, error.message.clone()))
            }
            None if self.subscription.is_slow() => self.ended(&Error::crowded(
                "read too slowly: go on with `after` the cursor of the last event that arrived",
            )),
            None => self.ended(&Error::internal("a stream was let go")),
        }
    }

    fn ended(&self, error: &Error) -> Said {
        Said::Ended(crate::error::error_json(error, &self.request.request_id))
    }
}

impl Tick for Desk {
    fn tick(&self) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        Box::pin(self.by_clock())
    }
}

impl Gateway {
    /// Whether what is asked for is a subscription. What is wrong with a request is told by whoever runs it.
    pub async fn is_subscription(&self, principal: &Principal, request: &GraphRequest) -> bool {
        let Some(graph) = self.roles.get(&principal.role()) else { return false };
        // Before the work of reading it: what is refused here is refused again where that is told.
        if self.charge_request(principal, &request.meter).is_err() {
            return false;
        }
        let Ok(resolved) = self.asked(principal, request).await else { return false };
        let request = resolved.request();
        let Ok(document) = self.accepted(principal, graph, &resolved, &request.query.as_str().into()).await else {
            return false;
        };
        let operation = document.operation(request.operation_name.as_deref());
        operation.is_ok_and(|operation| operation.ty == OperationType::Subscription)
    }

    /// Begins a subscription; or its refusal, as a response.
    pub async fn subscribe(
        &self,
        principal: &Arc<Principal>,
        request: &GraphRequest,
    ) -> std::result::Result<Stream, GraphResponse> {
        let begun = async {
            let resolved = self.counted(principal, request).await.map_err(|error| vec![error])?;
            let (topic, after) = self.topic(principal, &resolved).await?;
            let start = after.map_or(Start::Afresh, Start::After);
            let subscription = self.live.subscribe(topic, &start).await.map_err(|error| vec![error])?;
            Ok::<_, Vec<Error>>((subscription, resolved.into_request()))
        };
        match begun.await {
            // By the text that it began with, whatever its name stands for later.
            Ok((subscription, request)) => {
                Ok(Stream { request, principal: principal.clone(), subscription, waiting: VecDeque::new() })
            }
            Err(errors) => Err(refused(&errors, &request.request_id)),
        }
    }

    /// Goes on with a stream under present standing: where it was if that is what it was, else from afresh. `unread` is
    /// an event that it said and that has not left.
    pub async fn renew(
        &self,
        stream: &mut Stream,
        principal: &Arc<Principal>,
        unread: Option<Arc<str>>,
    ) -> std::result::Result<(), GraphResponse> {
        if let Some(unread) = unread {
            stream.waiting.push_front(unread);
        }
        let rest = stream.subscription.rest();
        let is_same = stream.principal.sees_as(principal);
        // What was handed over under lesser or other standing is not told, nor more than anybody may leave unread.
        let start = if is_same && stream.waiting.len() + rest.len() <= 2 * QUEUE {
            stream.waiting.extend(rest.into_iter().filter_map(|message| match message {
                Message::Event(event) => Some(event),
                Message::Stale(_) | Message::Failed(_) => None,
            }));
            stream.subscription.behind()
        } else {
            stream.waiting.clear();
            Start::Afresh
        };
        let begun = async {
            let resolved = self.counted(principal, &stream.request).await.map_err(|error| vec![error])?;
            let (topic, _) = self.topic(principal, &resolved).await?;
            self.live.subscribe(topic, &start).await.map_err(|error| vec![error])
        };
        stream.subscription = begun.await.map_err(|errors| refused(&errors, &stream.request.request_id))?;
        stream.principal = principal.clone();
        Ok(())
    }

    /// A request with its text, counted before that is looked for.
    async fn counted<'a>(&self, principal: &Principal, request: &'a GraphRequest) -> Result<Asked<'a>> {
        self.charge_request(principal, &request.meter)?;
        self.asked(principal, request).await
    }

    /// What a request asks to be told, and after which cursor.
    async fn topic(
        &self,
        principal: &Arc<Principal>,
        resolved: &Asked<'_>,
    ) -> Result<(Topic, Option<String>), Vec<Error>> {
        let request = resolved.request();
        let role = principal.role();
        let graph = self.roles.get(&role).ok_or_else(|| vec![Error::internal("a role without a schema")])?;
        let one = |error: Error| vec![error];
        // It is kept as long as it is told.
        if request.query.len() + serde_json::to_string(&request.variables).map_or(0, |text| text.len()) > LARGEST {
            let message = format!("a subscription and its variables are at most {LARGEST} bytes");
            return Err(one(Error::new(Code::QueryTooComplex, message)));
        }
        let text: Arc<str> = request.query.as_str().into();
        let document = self.accepted(principal, graph, resolved, &text).await?;
        let operation = document.operation(request.operation_name.as_deref()).map_err(one)?;
        request.meter.saw(document.name(request.operation_name.as_deref()));
        if operation.ty != OperationType::Subscription {
            return Err(one(Error::input("expected a subscription")));
        }
        let declared = declared(&graph.view, operation).map_err(one)?;
        let longest = self.limits_of(role).list_arguments;
        let coercion = Coercion { view: &graph.view, declared: &declared, longest };
        let variables = variables(coercion, operation, request).map_err(one)?;
        let scope = Scope { role, internal: principal.standing().is_internal() };
        let question =
            Question { document: &document.ast, operation, variables: &variables, declared: &declared, longest };
        let collector = Collector { document: &document.ast, variables: &variables, declared: &declared };
        let picked = collector.collect(&[&operation.selection_set.node], &[SUBSCRIPTION]).map_err(one)?;
        let [field] = picked.as_slice() else {
            let message = "a subscription has exactly one field";
            return Err(one(Error::new(Code::GraphqlValidationFailed, message)));
        };
        let (line, column) = field.position();
        let located = |error: Error| one(if error.locations.is_empty() { error.at(line, column) } else { error });
        let found = graph.view.streams.iter().copied().find(|stream| stream.name == field.name);
        let stream = found.ok_or_else(|| {
            let message = format!("a subscription has exactly one field, a stream: \"{}\" is none", field.name);
            located(Error::new(Code::GraphqlValidationFailed, message))
        })?;
        let arguments =
            coercion.arguments(&stream.arguments(), &field.arguments(), &variables, field.name).map_err(located)?;
        let name = request.operation_name.as_deref().unwrap_or_default();
        let plan = known(&self.caches.streams, plan_key(scope, &text, question, name), || {
            Planner::stream(&graph.view, scope, self.reader.dialect(), question, (stream, field))
        })
        .map_err(located)?;
        let asker = self.asker(principal, scope, request, Some(&plan.plan));
        self.reader.check(&plan.plan, &variables, &asker).map_err(located)?;
        let cost =
            plan.plan.cost.of(&variables, &asker).and_then(|cost| self.within_cost(role, cost)).map_err(located)?;
        // Of its beginning; what each event costs is not counted (docs/ARCHITECTURE.md, "What does not hold yet").
        self.charge_cost(principal, &request.meter, cost).map_err(one)?;
        let filter = Filter::of(stream, &arguments.get(FILTER).map_or(Value::Null, Arg::value));
        let after = match arguments.get(AFTER).map(Arg::value) {
            Some(Value::Text(after)) => Some(after),
            _ => None,
        };
        let told: Vec<_> = plan.plan.variables().into_iter().map(|name| (name, variables.get(name))).collect();
        let key = TopicKey::of(&format!(
            "{} {} {} {:p} {told:?} {filter:?}",
            asker.bearer,
            principal.standing_version(),
            stream.name,
            Arc::as_ptr(&plan),
        ));
        let shown = Shown {
            reader: self.reader.clone(),
            trail: self.trail.clone(),
            clock: self.clock.clone(),
            limit: self.limits.operation_time(),
        };
        let topic = Topic {
            key,
            principal: principal.clone(),
            asker,
            stream,
            plan,
            filter,
            response_key: field.key.to_owned(),
            operation: operation_name(request),
            shown,
            variables,
        };
        Ok((topic, after))
    }
}
