//! Bounds that are others for a role.

use serde::{Deserialize, Serialize};

use super::Limits;

/// The roles, as a configuration names them.
const ROLES: [&str; 8] = [
    "mission_officer",
    "law_enforcement",
    "analyst",
    "liaison_officer",
    "detail_agent",
    "regional_security_officer",
    "administrator",
    "auditor",
];

/// What a role may ask, where it is not what all may: the keys of `[limits]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
#[allow(missing_docs, reason = "each is the bound of `Limits` of that name")]
pub struct RoleLimits {
    pub tokens: Option<usize>,
    pub depth: Option<usize>,
    pub aliases: Option<usize>,
    pub root_fields: Option<usize>,
    pub directives: Option<usize>,
    pub fragment_size: Option<usize>,
    pub list_arguments: Option<usize>,
    pub cost: Option<u64>,
}

impl Limits {
    /// As they are for a role, by its public name.
    #[must_use]
    pub fn of_role(&self, role: &str) -> Self {
        let Some(own) = self.role.get(&role.to_ascii_lowercase()) else { return self.clone() };
        Self {
            tokens: own.tokens.unwrap_or(self.tokens),
            depth: own.depth.unwrap_or(self.depth),
            aliases: own.aliases.unwrap_or(self.aliases),
            root_fields: own.root_fields.unwrap_or(self.root_fields),
            directives: own.directives.unwrap_or(self.directives),
            fragment_size: own.fragment_size.unwrap_or(self.fragment_size),
            list_arguments: own.list_arguments.unwrap_or(self.list_arguments),
            cost: own.cost.unwrap_or(self.cost),
            ..self.clone()
        }
    }

    /// Everything that is wrong with the bounds of roles.
    pub(super) fn mistakes_of_roles(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        for (name, own) in &self.role {
            if !ROLES.contains(&name.as_str()) {
                wrong.push(("limits.role", format!("no role `{name}`, expected one of {}", ROLES.join(", "))));
            }
            let counts = [
                own.tokens,
                own.depth,
                own.aliases,
                own.root_fields,
                own.directives,
                own.fragment_size,
                own.list_arguments,
            ];
            let fits = counts.into_iter().flatten().all(|count| (1..=super::check::MOST).contains(&count));
            if !fits || own.cost.is_some_and(|cost| !(1..=100_000_000).contains(&cost)) {
                let message = format!("of {name}: expected whole numbers from 1 to 1000000000, of cost to 100000000");
                wrong.push(("limits.role", message));
            }
        }
        wrong
    }
}
