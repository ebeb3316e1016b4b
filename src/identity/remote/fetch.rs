//! Fetches a key set. Whatever the server does, it costs a bounded time and a bounded number of bytes.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT, AGE, CACHE_CONTROL, CONTENT_TYPE, HeaderMap},
    redirect::Policy,
};
use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};
use time::Duration;

use super::{Fault, Source, address::Guarded, address::admissible};
use crate::{config::Keys, identity::members::strict_object};

/// Keys of one issuer; an issuer has a handful, and each is looked at.
const MOST_KEYS: usize = 100;

/// Fetches key sets under the settings.
pub(super) struct Fetcher {
    settings: Keys,
    /// Made when it is first needed: it reads the system's certificates, which a machine without such agencies need
    /// not have.
    client: Mutex<Option<Client>>,
}

/// What a server answered with.
#[derive(Debug)]
pub(in crate::identity) struct Fetched {
    /// The JWKs that are JSON objects of distinct members, not yet judged.
    pub(in crate::identity) jwks: Vec<Map<String, Value>>,
    /// How many members of the set were something else.
    pub(in crate::identity) malformed: usize,
    /// For how long it is believed.
    pub(super) fresh: Duration,
    /// Where it was.
    pub(super) place: Url,
}

impl Fetcher {
    pub(super) const fn new(settings: Keys) -> Self {
        Self { settings, client: Mutex::new(None) }
    }

    /// The key set of a source, now. For the log, a fault names no more than what went wrong.
    pub(super) async fn jwks(&self, source: &Source) -> Result<Fetched, Fault> {
        let url = match source {
            Source::Jwks(uri) => admissible(uri, &self.settings)?,
            Source::Discovery(issuer) => self.discover(issuer).await?,
        };
        let (headers, body) = self.get(url.clone()).await?;
        let set: Set = serde_json::from_slice(&body).map_err(|_| Fault::new("not a JWK set"))?;
        if set.keys.len() > MOST_KEYS {
            return Err(Fault::new("a JWK set of too many keys"));
        }
        // One bad key does not spoil the set, however bad it is.
        let jwks: Vec<_> = set.keys.iter().filter_map(|key| strict_object(key.get().as_bytes()).ok()).collect();
        let fresh = freshness(&headers, &self.settings);
        Ok(Fetched { malformed: set.keys.len() - jwks.len(), jwks, fresh, place: url })
    }

    /// OpenID Connect Discovery 1.0 §4. What it names is believed only of the very issuer that was registered.
    async fn discover(&self, issuer: &str) -> Result<Url, Fault> {
        let place = format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
        let url = admissible(&place, &self.settings)?;
        let (_, body) = self.get(url.clone()).await?;
        let document = strict_object(&body).map_err(|_| Fault::new("not a discovery document"))?;
        let text = |name: &str| document.get(name).and_then(Value::as_str);
        if text("issuer") != Some(issuer) {
            return Err(Fault::new("a discovery document of another issuer"));
        }
        let keys = admissible(text("jwks_uri").ok_or(Fault::new("no jwks_uri"))?, &self.settings)?;
        if !may_name(&url, &keys, &self.settings) {
            return Err(Fault::new("a jwks_uri on another host; `keys.hosts` may allow it"));
        }
        Ok(keys)
    }

    async fn get(&self, url: Url) -> Result<(HeaderMap, Vec<u8>), Fault> {
        let asked = self.client()?.get(url).header(ACCEPT, "application/jwk-set+json, application/json").send();
        let mut response = asked.await.map_err(|error| Fault::because("no answer", error))?;
        check(&response)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| Fault::because("half an answer", error))? {
            if body.len() + chunk.len() > self.settings.body_bytes {
                return Err(Fault::new("an answer that is too large"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response.headers().clone(), body))
    }

    fn client(&self) -> Result<Client, Fault> {
        let mut kept = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = kept.as_ref() {
            return Ok(client.clone());
        }
        let Keys { private_addresses, loopback, .. } = self.settings;
        let client = Client::builder()
            .user_agent("chancery")
            .https_only(!loopback)
            .redirect(Policy::none())
            .referer(false)
            // A proxy would look names up by itself, past the guard.
            .no_proxy()
            .dns_resolver(Arc::new(Guarded { private_addresses, loopback }))
            .timeout(self.settings.fetch_time())
            .connect_timeout(self.settings.fetch_time())
            // Minutes lie between two fetches: no connection is worth keeping.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| Fault::because("no client", error))?;
        Ok(kept.insert(client).clone())
    }
}

/// Whether a discovery document may say that the keys are there.
fn may_name(document: &Url, keys: &Url, settings: &Keys) -> bool {
    (keys.scheme(), keys.host_str()) == (document.scheme(), document.host_str()) || !settings.hosts.is_empty()
}

/// Whether a set that a source led to may still be fetched from where it was.
pub(super) fn may_stay(source: &Source, place: &Url, settings: &Keys) -> bool {
    let is_named = match source {
        Source::Jwks(_) => true,
        Source::Discovery(issuer) => Url::parse(issuer).is_ok_and(|issuer| may_name(&issuer, place, settings)),
    };
    is_named && admissible(place.as_str(), settings).is_ok()
}

/// RFC 7517 §5. Other members mean nothing here.
#[derive(Deserialize)]
struct Set {
    keys: Vec<Box<RawValue>>,
}

/// A redirect is an answer like any other that is not 200: whoever moves is registered anew.
fn check(response: &Response) -> Result<(), Fault> {
    match response.status() {
        StatusCode::OK => {}
        status if status.is_redirection() => return Err(Fault::new("a redirect, which is not followed")),
        _ => return Err(Fault::new("another status than 200")),
    }
    let media = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media == "application/json" || (media.starts_with("application/") && media.ends_with("+json")) {
        Ok(())
    } else {
        Err(Fault::new("an answer that does not say that it is JSON"))
    }
}

/// RFC 9111 §4.2.1, of a private cache: `max-age` less `Age`, within the bounds. Of two that differ the smaller counts;
/// what may not be kept is kept for the least time.
fn freshness(headers: &HeaderMap, settings: &Keys) -> Duration {
    let seconds = |number: u64| Duration::seconds(i64::try_from(number).unwrap_or(i64::MAX));
    let (least, most) = (seconds(settings.fresh_least_seconds), seconds(settings.fresh_most_seconds));
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let said = lines.flat_map(|line| line.split(',')).filter_map(|directive| {
        let directive = directive.trim().to_ascii_lowercase();
        match directive.split_once('=') {
            Some(("max-age", number)) => number.trim_matches('"').parse().ok(),
            None if directive == "no-store" || directive == "no-cache" => Some(0),
            _ => None,
        }
    });
    let age = headers.get(AGE).and_then(|age| age.to_str().ok()?.trim().parse().ok()).unwrap_or(0);
    let left = said.min().unwrap_or(0_u64).saturating_sub(age);
    seconds(left).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn fresh(lines: &[(HeaderName, &str)]) -> i64 {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        freshness(&headers, &Keys::default()).whole_seconds()
    }

    #[test]
    fn cache_control_is_heeded_within_the_bounds() {
        for (line, expected) in [
            ("max-age=600", 600),
            ("public, MAX-AGE=600, must-revalidate", 600),
            ("max-age=\"600\"", 600),
            ("max-age=600, max-age=900", 600),
            ("s-maxage=900", 300),
            ("max-age=1", 300),
            ("max-age=0", 300),
            ("max-age=-1", 300),
            ("max-age=99999999999999999999", 300),
            ("max-age=18446744073709551615", 3600),
            ("max-age=86400", 3600),
            ("max-age=900, no-store", 300),
            ("no-cache", 300),
            ("max-age", 300),
            ("", 300),
        ] {
            assert_eq!(fresh(&[(CACHE_CONTROL, line)]), expected, "{line}");
        }
        assert_eq!(fresh(&[]), 300);
        assert_eq!(fresh(&[(CACHE_CONTROL, "max-age=900"), (AGE, "200")]), 700);
        assert_eq!(fresh(&[(CACHE_CONTROL, "max-age=900"), (AGE, "2000")]), 300);
        assert_eq!(fresh(&[(CACHE_CONTROL, "max-age=900"), (CACHE_CONTROL, "max-age=700")]), 700);
    }
}
