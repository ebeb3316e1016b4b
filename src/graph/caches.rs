//! What is remembered of documents, so that a question that comes again costs little.

use std::{hash::Hash, sync::Arc};

use moka::sync::Cache;

use super::document::Document;
use crate::{
    access::Role,
    config,
    error::Result,
    read::{
        Scope,
        plan::{Plan, Question, StreamPlan},
        value::shape,
    },
};

/// What a plan depends on: the scope, the document, the operation, the shape of the variables.
pub(super) type PlanKey = (Scope, Arc<str>, String, String);

/// Introspection's answers: response keys and JSON.
pub(super) type Introspected = Arc<Vec<(String, String)>>;

/// Bytes of introspection's answers that are remembered: tools ask one question, of 180 KiB, again and again.
const INTROSPECTION_BYTES: u64 = 8 << 20;

/// Each is bounded by what it takes of memory, about. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Caches {
    pub(super) documents: Cache<(Role, Arc<str>), Arc<Document>>,
    pub(super) plans: Cache<PlanKey, Arc<Plan>>,
    pub(super) streams: Cache<PlanKey, Arc<StreamPlan>>,
    pub(super) introspected: Cache<(Role, Arc<str>, String), Introspected>,
}

impl Caches {
    /// Empty ones.
    pub(super) fn new(cache: &config::Cache) -> Self {
        let weight = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        Self {
            documents: Cache::builder()
                .max_capacity(cache.document_bytes)
                .weigher(move |_, document: &Arc<Document>| weight(document.bytes))
                .build(),
            plans: Cache::builder()
                .max_capacity(cache.plan_bytes)
                .weigher(move |(_, text, name, shape): &PlanKey, plan: &Arc<Plan>| {
                    weight(text.len() + name.len() + shape.len() + plan.bytes())
                })
                .build(),
            streams: Cache::builder()
                .max_capacity(cache.plan_bytes)
                .weigher(move |(_, text, name, shape): &PlanKey, plan: &Arc<StreamPlan>| {
                    weight(text.len() + name.len() + shape.len() + plan.plan.bytes())
                })
                .build(),
            introspected: Cache::builder()
                .max_capacity(INTROSPECTION_BYTES)
                .weigher(move |_, answers: &Introspected| {
                    weight(answers.iter().map(|(key, json)| key.len() + json.len()).sum())
                })
                .build(),
        }
    }

    /// Gives back what is remembered.
    pub(super) fn forget(&self) {
        forget(&self.documents);
        forget(&self.plans);
        forget(&self.streams);
        forget(&self.introspected);
    }
}

/// Empties a cache now: nobody may ever use it again, and only use would empty it.
fn forget<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static>(cache: &Cache<K, V>) {
    cache.invalidate_all();
    cache.run_pending_tasks();
}

/// What is known under a key; made when it is not.
pub(super) fn known<T: Send + Sync + 'static>(
    cache: &Cache<PlanKey, Arc<T>>,
    key: PlanKey,
    make: impl FnOnce() -> Result<T>,
) -> Result<Arc<T>> {
    if let Some(known) = cache.get(&key) {
        return Ok(known);
    }
    let plan = Arc::new(make()?);
    cache.insert(key, plan.clone());
    Ok(plan)
}

pub(super) fn plan_key(scope: Scope, text: &Arc<str>, question: Question<'_>, name: &str) -> PlanKey {
    let mut shapes = String::new();
    for definition in &question.operation.variable_definitions {
        shape(question.variables.get(definition.node.name.node.as_str()), &mut shapes);
    }
    (scope, text.clone(), name.to_owned(), shapes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_given_back_at_once() {
        let caches = Caches::new(&config::Cache::default());
        let answers = Introspected::default();
        for number in 0..5_000 {
            caches.introspected.insert((Role::Analyst, format!("{number}").into(), String::new()), answers.clone());
        }
        caches.introspected.run_pending_tasks();
        assert_eq!(Arc::strong_count(&answers), 5_001);
        caches.forget();
        // A handful is given back when the map is used next.
        assert!(Arc::strong_count(&answers) < 500, "{}", Arc::strong_count(&answers));
    }
}
