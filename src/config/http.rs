//! What browsers are allowed, and the form of answers.

use serde::{Deserialize, Serialize};

use super::operators::is_base;

/// What browsers are allowed, and the form of answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Http {
    /// The origins whose pages may ask (CORS). Empty: none.
    pub cors_origins: Vec<String>,
    /// From how many bytes on an answer is compressed for a client that takes it so; 0: never.
    pub compress_bytes: u16,
}

impl Default for Http {
    fn default() -> Self {
        Self { cors_origins: Vec::new(), compress_bytes: 1_024 }
    }
}

impl Http {
    pub(super) fn mistakes(&self) -> Vec<(&'static str, String)> {
        // As browsers write them: the port of the scheme is left out.
        let is_origin = |origin: &String| {
            is_base(origin)
                && !(origin.starts_with("https:") && origin.ends_with(":443"))
                && !(origin.starts_with("http:") && origin.ends_with(":80"))
        };
        if self.cors_origins.iter().all(is_origin) {
            return Vec::new();
        }
        let expected = "expected origins such as https://portal.example, without a path or the scheme's own port";
        vec![("http.cors_origins", expected.into())]
    }
}
