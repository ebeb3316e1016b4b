//! Public keys (RFC 7517, 7518, 8037): which are fit to verify tokens, and with which one algorithm.

use std::{fmt, str::FromStr};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};

/// A signature algorithm (RFC 7518 §3.1, RFC 8037) that an agency may register. There is no `none` and no HS*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// ECDSA over P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 5] = [Self::Es256, Self::Es384, Self::EdDsa, Self::Rs256, Self::Ps256];

    /// The `alg` of a header or a key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    const fn provider(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Es384 => jsonwebtoken::Algorithm::ES384,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Ps256 => jsonwebtoken::Algorithm::PS256,
        }
    }
}

impl FromStr for Algorithm {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name).ok_or(())
    }
}

/// Why a key is not used. Names no value of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFault(pub(crate) &'static str);

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A public key that is fit to verify: it has an id and exactly one algorithm.
#[derive(Clone)]
pub struct Key {
    /// `kid`.
    pub id: String,
    /// The one algorithm it verifies.
    pub algorithm: Algorithm,
    decoding: DecodingKey,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, {})", self.id, self.algorithm.name())
    }
}

/// The members of private and symmetric keys (RFC 7518 §6): a key that has one was leaked, or is a secret.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl Key {
    /// Reads a public JWK under the algorithms that its owner registered.
    pub fn of_jwk(jwk: &Map<String, Value>, registered: &[Algorithm]) -> Result<Self, KeyFault> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
            return Err(KeyFault("it holds a private or secret key: publish the public part only"));
        }
        let id =
            text("kid").filter(|id| !id.is_empty() && id.len() <= 255).ok_or(KeyFault("`kid` must be a string"))?;
        if jwk.get("use").is_some_and(|usage| usage != "sig") {
            return Err(KeyFault("`use` must be sig"));
        }
        let verifies = |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        if jwk.get("key_ops").is_some_and(|ops| !verifies(ops)) {
            return Err(KeyFault("`key_ops` must contain verify"));
        }
        let (able, decoding): (&[Algorithm], DecodingKey) = match (text("kty"), text("crv")) {
            (Some("EC"), Some("P-256")) => (&[Algorithm::Es256], elliptic(jwk, 32, &ECDSA_P256_SHA256_FIXED)?),
            (Some("EC"), Some("P-384")) => (&[Algorithm::Es384], elliptic(jwk, 48, &ECDSA_P384_SHA384_FIXED)?),
            (Some("OKP"), Some("Ed25519")) => (&[Algorithm::EdDsa], edwards(jwk)?),
            (Some("RSA"), _) => (&[Algorithm::Rs256, Algorithm::Ps256], rsa(jwk)?),
            (Some("EC" | "OKP"), _) => return Err(KeyFault("`crv` must be P-256, P-384 or Ed25519")),
            _ => return Err(KeyFault("`kty` must be EC, OKP or RSA")),
        };
        // One key, one algorithm: said by the key, or the only one that its owner registered for such a key.
        let said = |algorithm: &Algorithm| jwk.get("alg").is_none_or(|said| *said == algorithm.name());
        let mut fit = able.iter().filter(|algorithm| registered.contains(algorithm) && said(algorithm));
        match (fit.next(), fit.next()) {
            (Some(&algorithm), None) => Ok(Self { id: id.to_owned(), algorithm, decoding }),
            (None, _) => Err(KeyFault("`alg` is not a registered algorithm of such a key")),
            (Some(_), Some(_)) => Err(KeyFault("`alg` must say which of RS256 and PS256")),
        }
    }

    /// Whether the signature (base64url) over the bytes is this key's, by this key's algorithm.
    pub(super) fn verifies(&self, signed: &[u8], signature: &str) -> bool {
        jsonwebtoken::crypto::verify(signature, signed, &self.decoding, self.algorithm.provider()).unwrap_or(false)
    }
}

fn octets(jwk: &Map<String, Value>, member: &str) -> Result<Vec<u8>, KeyFault> {
    let text = jwk.get(member).and_then(Value::as_str).ok_or(KeyFault("a member of the key is missing"))?;
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| KeyFault("a member of the key is not base64url"))
}

/// RFC 7518 §6.2: coordinates of full length, of a point on the curve.
fn elliptic(
    jwk: &Map<String, Value>,
    length: usize,
    algorithm: &'static aws_lc_rs::signature::EcdsaVerificationAlgorithm,
) -> Result<DecodingKey, KeyFault> {
    let (x, y) = (octets(jwk, "x")?, octets(jwk, "y")?);
    if x.len() != length || y.len() != length {
        return Err(KeyFault("a coordinate has the wrong length for the curve"));
    }
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    ParsedPublicKey::new(algorithm, &point).map_err(|_| KeyFault("the point is not on the curve"))?;
    Ok(DecodingKey::from_ec_der(&point))
}

/// RFC 8037 §2.
fn edwards(jwk: &Map<String, Value>) -> Result<DecodingKey, KeyFault> {
    let x = octets(jwk, "x")?;
    ParsedPublicKey::new(&ED25519, &x).map_err(|_| KeyFault("not an Ed25519 key"))?;
    Ok(DecodingKey::from_ed_der(&x))
}

/// RFC 7518 §6.3, and §3.3: "a key of size 2048 bits or larger MUST be used".
fn rsa(jwk: &Map<String, Value>) -> Result<DecodingKey, KeyFault> {
    let (n, e) = (octets(jwk, "n")?, octets(jwk, "e")?);
    let bits = |number: &[u8]| {
        let zeros = number.iter().take_while(|octet| **octet == 0).count();
        number.get(zeros).map_or(0, |first| (number.len() - zeros) * 8 - first.leading_zeros() as usize)
    };
    if !(2048..=8192).contains(&bits(&n)) {
        return Err(KeyFault("an RSA key must have 2048 to 8192 bits"));
    }
    // Even exponents and 1 are no exponents; the library takes at most 33 bits.
    if !(2..=33).contains(&bits(&e)) || e.last().is_none_or(|last| last % 2 == 0) {
        return Err(KeyFault("the RSA exponent is not acceptable"));
    }
    Ok(DecodingKey::from_rsa_raw_components(&n, &e))
}

/// The usable keys of one issuer.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<Key>);

impl KeySet {
    /// Keeps the keys that are fit; of the others, says which and why. A bad key does not spoil the set. An id
    /// that stands for several keys stands for none.
    pub fn of_jwks<'a>(
        jwks: impl IntoIterator<Item = &'a Map<String, Value>>,
        registered: &[Algorithm],
    ) -> (Self, Vec<KeyFault>) {
        let (mut fit, mut faults) = (Vec::<Key>::new(), Vec::new());
        for jwk in jwks {
            match Key::of_jwk(jwk, registered) {
                Ok(key) => fit.push(key),
                Err(fault) => faults.push(fault),
            }
        }
        let doubled = |id: &str| fit.iter().filter(|other| other.id == id).count() > 1;
        let keys: Vec<Key> = fit.iter().filter(|key| !doubled(&key.id)).cloned().collect();
        faults.extend(fit.iter().filter(|key| doubled(&key.id)).map(|_| KeyFault("several keys have its `kid`")));
        (Self(keys), faults)
    }

    /// The key of that id; without an id, the only key there is.
    pub(super) fn select(&self, id: Option<&str>) -> Option<&Key> {
        match (id, self.0.as_slice()) {
            (Some(id), keys) => keys.iter().find(|key| key.id == id),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    fn fault(jwk: &Value) -> Option<&'static str> {
        Key::of_jwk(jwk.as_object().unwrap(), &Algorithm::ALL).err().map(|fault| fault.0)
    }

    fn ed25519() -> Value {
        let pair = Ed25519KeyPair::generate().unwrap();
        json!({"kty":"OKP","crv":"Ed25519","kid":"1","x":BASE64URL_NOPAD.encode(pair.public_key().as_ref())})
    }

    fn with(mut jwk: Value, member: &str, value: Value) -> Value {
        jwk[member] = value;
        jwk
    }

    #[test]
    fn a_key_unfit_to_verify_is_not_used() {
        assert_eq!(fault(&ed25519()), None);
        assert_eq!(fault(&with(ed25519(), "key_ops", json!(["verify"]))), None);
        for (member, value) in [
            ("use", json!("enc")),
            ("use", json!(null)),
            ("key_ops", json!(["encrypt"])),
            ("key_ops", json!("verify")),
            ("alg", json!("ES256")),
            ("alg", json!("HS256")),
            ("alg", json!("none")),
            ("alg", json!(null)),
            ("kty", json!("oct")),
            ("kty", json!("EC")),
            ("crv", json!("X25519")),
            ("crv", json!("P-256")),
            ("x", json!("AAAA")),
            ("x", json!("not base64")),
            ("d", json!("AAAA")),
            ("k", json!("AAAA")),
            ("kid", json!(7)),
            ("kid", json!("")),
        ] {
            assert!(fault(&with(ed25519(), member, value.clone())).is_some(), "{member} {value}");
        }
    }

    #[test]
    fn rsa_keys_are_long_and_say_their_algorithm() {
        let key = |octets: usize, e: &str, alg: Option<&str>| {
            let modulus: Vec<u8> = std::iter::once(0x80).chain(std::iter::repeat_n(1, octets - 1)).collect();
            let mut jwk = json!({"kty":"RSA","kid":"1","n":BASE64URL_NOPAD.encode(&modulus),"e":e});
            if let Some(alg) = alg {
                jwk["alg"] = json!(alg);
            }
            fault(&jwk)
        };
        assert_eq!(key(256, "AQAB", Some("PS256")), None);
        assert_eq!(key(256, "AQAB", None), Some("`alg` must say which of RS256 and PS256"));
        assert_eq!(key(255, "AQAB", Some("RS256")), Some("an RSA key must have 2048 to 8192 bits"));
        assert_eq!(key(1025, "AQAB", Some("RS256")), Some("an RSA key must have 2048 to 8192 bits"));
        for e in ["AQ", "Ag", "AA", ""] {
            assert_eq!(key(256, e, Some("RS256")), Some("the RSA exponent is not acceptable"), "{e}");
        }
    }

    #[test]
    fn a_point_off_the_curve_is_refused() {
        let coordinate = BASE64URL_NOPAD.encode(&[1; 32]);
        let jwk = json!({"kty":"EC","crv":"P-256","kid":"1","x":coordinate,"y":coordinate});
        assert_eq!(fault(&jwk), Some("the point is not on the curve"));
    }

    #[test]
    fn a_bad_key_does_not_spoil_the_set_and_a_doubled_id_names_no_key() {
        let (good, bad) = (ed25519(), with(ed25519(), "kty", json!("oct")));
        let set = |jwks: &[&Value]| KeySet::of_jwks(jwks.iter().filter_map(|jwk| jwk.as_object()), &Algorithm::ALL);
        let (keys, faults) = set(&[&bad, &good]);
        assert_eq!(faults.len(), 1);
        assert!(keys.select(Some("1")).is_some() && keys.select(None).is_some() && keys.select(Some("2")).is_none());
        let (keys, faults) = set(&[&good, &ed25519(), &with(ed25519(), "kid", json!("2"))]);
        assert_eq!(faults.len(), 2);
        assert!(keys.select(Some("1")).is_none() && keys.select(Some("2")).is_some());
        let (keys, _) = set(&[&good, &with(ed25519(), "kid", json!("2"))]);
        assert!(keys.select(None).is_none(), "without a kid there must be one key");
    }
}
