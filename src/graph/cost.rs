//! What an answer may cost a role: bounded before anything is read, and told to who asks.

use super::{Gateway, GraphRequest};
use crate::{
    access::Role,
    error::{Code, Error, Result},
};

impl Gateway {
    /// How many rows an answer may hold, if no more than the role may ask for.
    pub(super) fn within_cost(&self, role: Role, cost: u64) -> Result<u64> {
        let most = self.limits_of(role).cost;
        if cost > most {
            let message = format!(
                "cost: the answer may hold {cost} rows, at most {most} may be asked for; ask for smaller pages (first, last)"
            );
            return Err(Error::new(Code::QueryTooComplex, message));
        }
        Ok(cost)
    }
}

/// The member of a response that tells what it may have cost, for who asks with `"extensions": {"cost": true}`.
pub(super) fn told_cost(request: &GraphRequest, rows: u64, most: u64) -> String {
    if request.extensions.get("cost") != Some(&serde_json::Value::Bool(true)) {
        return String::new();
    }
    format!(",\"extensions\":{{\"cost\":{{\"rows\":{rows},\"limit\":{most}}}}}")
}
