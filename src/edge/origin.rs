//! Whether a page of another origin asks. A browser says whose page opens a socket and, other than with `fetch`, asks
//! nobody for leave.

use axum::http::{HeaderMap, Uri, header};

/// Whether the request says that it comes from a page, and neither from one of the host that it was sent to nor from
/// one of those that may ask (`http.cors_origins`). Programs that are no browsers say nothing. The scheme is not
/// compared: TLS may end in front of us.
pub(super) fn is_foreign(headers: &HeaderMap, allowed: &[String]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return false };
    let is_allowed = allowed.iter().any(|allowed| origin == allowed.as_str());
    let same = || {
        let origin: Uri = origin.to_str().ok()?.parse().ok()?;
        let usual = match origin.scheme_str()? {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        let host: Uri = headers.get(header::HOST)?.to_str().ok()?.parse().ok()?;
        let place = |uri: &Uri| {
            let authority = uri.authority()?;
            Some((authority.host().to_ascii_lowercase(), authority.port_u16().unwrap_or(usual)))
        };
        Some(place(&origin)? == place(&host)?)
    };
    origins.next().is_some() || !(is_allowed || same() == Some(true))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::of_this_host("http://127.0.0.1:8080", "127.0.0.1:8080", false)]
    #[case::behind_tls("https://Chancery.example", "chancery.example", false)]
    #[case::with_the_usual_port("https://chancery.example", "chancery.example:443", false)]
    #[case::sixth_version("http://[::1]:8080", "[::1]:8080", false)]
    #[case::of_one_that_may("https://portal.example", "chancery.example", false)]
    #[case::other_scheme_of_one_that_may("http://portal.example", "chancery.example", true)]
    #[case::other_host("https://evil.example", "chancery.example", true)]
    #[case::other_port("https://chancery.example:8443", "chancery.example", true)]
    #[case::longer("https://chancery.example.evil.example", "chancery.example", true)]
    #[case::in_front_of_the_host("https://chancery.example@evil.example", "chancery.example", true)]
    #[case::opaque("null", "chancery.example", true)]
    #[case::other_scheme("file://chancery.example", "chancery.example", true)]
    #[case::nothing("", "chancery.example", true)]
    fn a_page_is_of_this_host_or_foreign(#[case] origin: &str, #[case] host: &str, #[case] foreign: bool) {
        let allowed = ["https://portal.example".to_owned()];
        let is_foreign = |headers: &HeaderMap| super::is_foreign(headers, &allowed);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a value"));
        assert!(!is_foreign(&headers), "no page asks");
        headers.insert(header::ORIGIN, origin.parse().expect("a value"));
        assert_eq!(is_foreign(&headers), foreign);
        headers.append(header::ORIGIN, HeaderValue::from_static("http://127.0.0.1:8080"));
        assert!(is_foreign(&headers), "twice");
    }
}
