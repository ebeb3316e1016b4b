//! Which media type a client wants: RFC 9110 section 12.5.1, over the two that the GraphQL-over-HTTP draft knows.

use axum::http::{HeaderMap, header};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: the older form, in which a request error of the graph is a 200.
    Json,
    /// `application/graphql-response+json`: the status tells what happened.
    GraphqlResponse,
}

impl Media {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// How much one of our types is wanted: the quality of the most specific range that names it.
#[derive(Clone, Copy, Default)]
struct Wish {
    specificity: u8,
    /// In thousandths.
    quality: u16,
}

/// The form to answer in; `None` if neither will do (406). Between equals the newer form wins only where it is named,
/// so that `*/*` and silence mean `application/json`, as the draft says.
pub fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let mut ranges = headers.get_all(header::ACCEPT).iter().peekable();
    if ranges.peek().is_none() {
        return Some(Media::Json);
    }
    let (mut json, mut graphql, mut any) = (Wish::default(), Wish::default(), false);
    for range in ranges.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')) {
        any |= !range.trim().is_empty();
        let Some((name, quality)) = read(range) else { continue };
        let (for_json, for_graphql) = match name.as_str() {
            "*/*" => (1, 1),
            "application/*" => (2, 2),
            "application/json" => (3, 0),
            "application/graphql-response+json" => (0, 3),
            _ => (0, 0),
        };
        for (wish, specificity) in [(&mut json, for_json), (&mut graphql, for_graphql)] {
            if specificity > wish.specificity {
                *wish = Wish { specificity, quality };
            }
        }
    }
    if !any {
        return Some(Media::Json);
    }
    let named = graphql.specificity == 3;
    if graphql.quality > json.quality || (named && graphql.quality == json.quality && graphql.quality > 0) {
        Some(Media::GraphqlResponse)
    } else {
        (json.quality > 0).then_some(Media::Json)
    }
}

/// One range: its name in lower case, and its quality. `None` for what is malformed or in another charset.
fn read(range: &str) -> Option<(String, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next()?.to_ascii_lowercase();
    let mut quality = 1000;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "q" => quality = thousandths(value.trim())?,
            "charset" if !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8") => return None,
            _ => {}
        }
    }
    Some((name, quality))
}

/// `0`, `1`, or either with up to three digits after the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
    if digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{digits:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("", Some(Media::Json))]
    #[case::any("*/*", Some(Media::Json))]
    #[case::application("application/*", Some(Media::Json))]
    #[case::json("application/json", Some(Media::Json))]
    #[case::newer("application/graphql-response+json", Some(Media::GraphqlResponse))]
    #[case::both("application/json, application/graphql-response+json", Some(Media::GraphqlResponse))]
    #[case::charset("application/graphql-response+json; charset=UTF-8, application/json", Some(Media::GraphqlResponse))]
    #[case::older_first("application/graphql-response+json;q=0.1, application/json;q=0.9", Some(Media::Json))]
    #[case::refused("application/graphql-response+json;q=0, */*", Some(Media::Json))]
    #[case::specific_wins("*/*;q=0.5, application/json;q=0.1", Some(Media::GraphqlResponse))]
    #[case::neither("image/png", None)]
    #[case::all_refused("*/*;q=0", None)]
    #[case::json_refused("application/json;q=0", None)]
    #[case::other_charset("application/json; charset=iso-8859-1", None)]
    #[case::bad_quality("application/json;q=2", None)]
    fn the_wish_is_met(#[case] accept: &str, #[case] expected: Option<Media>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("a header value"));
        assert_eq!(negotiate(&headers), expected, "{accept}");
    }
}
