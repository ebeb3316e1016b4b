//! What may be fetched: a registry, or an issuer's document, could name anything that this machine reaches.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

use super::Fault;
use crate::config::Keys;

/// Reads a URL that may be fetched under the settings: `https` to a host by name, with nobody's password; or `http` to
/// this machine, if that is set.
pub(super) fn admissible(text: &str, settings: &Keys) -> Result<Url, Fault> {
    // The parser forgives white space around it.
    let url = Url::parse(text).ok().filter(|_| text.trim() == text).ok_or(Fault::new("not a URL"))?;
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(Fault::new("a URL with a user, a password or a fragment"));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Fault::new("a URL without a host"))?;
    let loopback = is_this_machine(host);
    let may = match url.scheme() {
        "https" => !loopback || settings.loopback,
        "http" => loopback && settings.loopback,
        _ => false,
    };
    if !may {
        return Err(Fault::new("only https is fetched, and nothing of this machine"));
    }
    // A name can be held against its certificate and its addresses; an address may be anybody's tomorrow.
    if !loopback && (is_address(host) || !host.trim_end_matches('.').contains('.')) {
        return Err(Fault::new("a host must be given by its full name"));
    }
    if !settings.hosts.is_empty() && !settings.hosts.iter().any(|allowed| allowed == host) {
        return Err(Fault::new("the host is not among those of `keys.hosts`"));
    }
    Ok(url)
}

/// The address that a URL's host is; none if it is a name.
fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_address(host: &str) -> bool {
    address(host).is_some()
}

fn is_this_machine(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost") || address(host).is_some_and(|ip| ip.is_loopback())
}

/// Looks names up, and gives of the addresses only those that may be asked: a name that leads into this machine, or to
/// what clouds keep at link-local addresses, leads nowhere. The client connects to what was looked at here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guarded {
    pub(super) private_addresses: bool,
    pub(super) loopback: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may: Vec<SocketAddr> = found.filter(|address| guard.may_ask(address.ip())).collect();
            if may.is_empty() {
                return Err(Fault::new("the host has no address that may be asked").into());
            }
            let addresses: Addrs = Box::new(may.into_iter());
            Ok(addresses)
        })
    }
}

impl Guarded {
    fn may_ask(self, ip: IpAddr) -> bool {
        match ip.to_canonical() {
            ip if ip.is_loopback() => self.loopback,
            IpAddr::V4(ip) => is_public_v4(ip) || self.private_addresses && is_private_v4(ip),
            IpAddr::V6(ip) => is_public_v6(ip) || self.private_addresses && is_private_v6(ip),
        }
    }
}

/// IANA's registry of special-purpose addresses (RFC 6890), less what is reached like any other.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = a == 0
        || a >= 224
        || ip.is_link_local()
        || ip.is_loopback()
        || (a, b, c) == (192, 0, 0)
        || (a, b) == (198, 18)
        || (a, b) == (198, 19)
        || ip.is_documentation();
    !special && !is_private_v4(ip)
}

/// RFC 1918, and RFC 6598: shared with a provider.
fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    ip.is_private() || (a == 100 && (64..128).contains(&b))
}

/// RFC 4291 §2.4: global unicast, less what carries an address of IPv4 within (RFC 3056, 4380) and documentation.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    first & 0xe000 == 0x2000 && first != 0x2002 && !(first == 0x2001 && (second == 0 || second == 0x0db8))
}

/// RFC 4193.
fn is_private_v6(ip: Ipv6Addr) -> bool {
    ip.is_unique_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(text: &str, settings: &Keys) -> bool {
        admissible(text, settings).is_ok()
    }

    #[test]
    fn only_https_by_name_is_fetched() {
        let settings = Keys::default();
        for good in ["https://idp.example.gov/jwks", "https://idp.example.gov:8443/a?b=c", "https://IDP.example.gov"] {
            assert!(may(good, &settings), "{good}");
        }
        for bad in [
            "http://idp.example.gov/jwks",
            "file:///etc/passwd",
            "ftp://idp.example.gov/jwks",
            "data:application/json,{}",
            // A host without a domain, as URLs are read.
            "https:///jwks",
            "https://intranet/jwks",
            "https://intranet./jwks",
            "https://user@idp.example.gov/jwks",
            "https://user:word@idp.example.gov/jwks",
            "https://idp.example.gov/jwks#x",
            "https://10.0.0.1/jwks",
            "https://169.254.169.254/latest",
            "https://[fe80::1]/jwks",
            "https://127.0.0.1/jwks",
            "https://0x7f.1/jwks",
            "https://2130706433/jwks",
            "https://[::1]/jwks",
            "https://[::ffff:127.0.0.1]/jwks",
            "https://localhost/jwks",
            "https://idp.localhost./jwks",
            "http://127.0.0.1/jwks",
            "jwks",
            "",
        ] {
            assert!(!may(bad, &settings), "{bad}");
        }
    }

    #[test]
    fn this_machine_is_asked_only_when_that_is_set() {
        let settings = Keys { loopback: true, ..Keys::default() };
        assert!(may("http://127.0.0.1:1/jwks", &settings) && may("http://[::1]/jwks", &settings));
        assert!(may("http://localhost:1/jwks", &settings));
        for bad in ["http://idp.example.gov/jwks", "http://10.0.0.1/jwks", "http://0.0.0.0/jwks", "ftp://127.0.0.1/"] {
            assert!(!may(bad, &settings), "{bad}");
        }
    }

    #[test]
    fn a_list_of_hosts_is_all_there_is() {
        let settings = Keys { hosts: vec!["idp.example.gov".to_owned()], ..Keys::default() };
        assert!(may("https://idp.example.gov/jwks", &settings));
        for bad in ["https://example.gov/jwks", "https://a.idp.example.gov/", "https://idp.example.gov.evil.example/"] {
            assert!(!may(bad, &settings), "{bad}");
        }
    }

    #[test]
    fn names_do_not_lead_inside() {
        let guard = |private_addresses, loopback| Guarded { private_addresses, loopback };
        let may = |guard: Guarded, ip: &str| guard.may_ask(ip.parse().unwrap());
        for public in ["8.8.8.8", "100.63.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(may(guard(false, false), public), "{public}");
        }
        for private in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1"] {
            assert!(!may(guard(false, true), private) && may(guard(true, false), private), "{private}");
        }
        for loopback in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert!(!may(guard(true, false), loopback) && may(guard(false, true), loopback), "{loopback}");
        }
        for never in [
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!may(guard(true, true), never), "{never}");
        }
    }
}
