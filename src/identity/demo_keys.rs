//! Private keys of agencies that the demo made: the only ones that Chancery ever holds, to mint tokens with.
//!
//! A key directory holds one file per agency, `SHORT_NAME.jwk`: the private JWK (RFC 7517) of a P-256 key, readable
//! by its owner alone. Agencies in service keep their keys to themselves and register the public part.

use std::{
    fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    digest,
    encoding::AsBigEndian as _,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use super::members::strict_object;
use crate::error::{Error, Result};

/// A private key of an agency that the demo made.
pub struct SigningKey {
    id: String,
    pair: EcdsaKeyPair,
}

/// The public JWK of an agency's demo key: of the key in the directory, or of a new ES256 key that is written there
/// (mode 0600, in a directory of mode 0700).
pub fn generate_demo_key(directory: &Path, short_name: &str) -> Result<Value> {
    let path = file(directory, short_name)?;
    if let Some(jwk) = read(&path)? {
        return Ok(public_part(&jwk));
    }
    let jwk = new_key()?;
    make_directory(directory)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&path).map_err(|error| cannot("write", &path, error))?;
    out.write_all(Value::Object(jwk.clone()).to_string().as_bytes()).map_err(|error| cannot("write", &path, error))?;
    Ok(public_part(&jwk))
}

impl SigningKey {
    /// Reads an agency's key out of a key directory. One that others than its owner can read is refused.
    pub fn load(directory: &Path, short_name: &str) -> Result<Self> {
        let path = file(directory, short_name)?;
        let jwk = read(&path)?.ok_or_else(|| Error::input(format!("{}: there is no such key file", path.display())))?;
        let wrong = || Error::input(format!("{}: not a private P-256 JWK with kid, x, y and d", path.display()));
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let octets = |name: &str| text(name).and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
        let (Some(id), Some(x), Some(y), Some(d)) = (text("kid"), octets("x"), octets("y"), octets("d")) else {
            return Err(wrong());
        };
        let point = [&[4], x.as_slice(), y.as_slice()].concat();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, &point)
            .map_err(|_| wrong())?;
        Ok(Self { id: id.to_owned(), pair })
    }

    /// A token of these claims, signed by ES256.
    pub fn sign(&self, typ: &str, claims: &Map<String, Value>) -> Result<String> {
        let header = json!({ "alg": "ES256", "typ": typ, "kid": self.id }).to_string();
        let claims = serde_json::to_vec(claims).map_err(Error::internal)?;
        let signed = format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(&claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).map_err(Error::internal)?;
        Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref())))
    }
}

/// The file of an agency's key. A short name that could leave the directory is refused.
fn file(directory: &Path, short_name: &str) -> Result<PathBuf> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if short_name.is_empty() || short_name.len() > 64 || short_name.starts_with('.') || !short_name.bytes().all(plain) {
        return Err(Error::input(format!(
            "`{short_name}`: the short name of an agency with a demo key must be 1 to 64 of A-Z a-z 0-9 - _ ."
        )));
    }
    Ok(directory.join(format!("{short_name}.jwk")))
}

fn read(path: &Path) -> Result<Option<Map<String, Value>>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot("read", path, error)),
    };
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(Error::input(format!("{}: others can read this private key; chmod 600 it", path.display())));
    }
    if metadata.len() > 16 * 1024 {
        return Err(Error::input(format!("{}: too large for a key", path.display())));
    }
    let json = fs::read(path).map_err(|error| cannot("read", path, error))?;
    strict_object(&json).map(Some).map_err(|why| Error::input(format!("{}: {why}", path.display())))
}

fn make_directory(directory: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| cannot("make", directory, error))
}

fn new_key() -> Result<Map<String, Value>> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(Error::internal)?;
    let secret = pair.private_key().as_be_bytes().map_err(Error::internal)?;
    let point = pair.public_key().as_ref();
    // SEC 1 §2.3.3: 04, then both coordinates in full length.
    let (Some(x), Some(y)) = (point.get(1..33), point.get(33..65)) else {
        return Err(Error::internal("a P-256 point is not 65 octets long"));
    };
    let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
    // The key's id is its thumbprint (RFC 7638 §3): members in order, no white space.
    let thumbprint = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let id = BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, thumbprint.as_bytes()).as_ref());
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
        "x": x, "y": y, "d": BASE64URL_NOPAD.encode(secret.as_ref()),
    });
    match jwk {
        Value::Object(members) => Ok(members),
        _ => Err(Error::internal("a JWK is an object")),
    }
}

fn public_part(jwk: &Map<String, Value>) -> Value {
    jwk.iter().filter(|(name, _)| *name != "d").map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn cannot(what: &str, path: &Path, error: std::io::Error) -> Error {
    Error { cause: Some(Box::new(error)), ..Error::input(format!("cannot {what} {}", path.display())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Algorithm, Key};

    #[test]
    fn a_demo_key_is_made_once_kept_private_and_fit_to_verify() {
        let directory = tempfile::tempdir().unwrap();
        let keys = directory.path().join("keys");
        let public = generate_demo_key(&keys, "NYPD").unwrap();
        assert_eq!(generate_demo_key(&keys, "NYPD").unwrap(), public);
        assert_ne!(generate_demo_key(&keys, "MPD").unwrap(), public);
        assert!(public.get("d").is_none());
        let key = Key::of_jwk(public.as_object().unwrap(), &[Algorithm::Es256]).unwrap();
        let token = SigningKey::load(&keys, "NYPD").unwrap().sign("at+jwt", &Map::new()).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        assert!(key.verifies(signed.as_bytes(), signature));
        assert!(!key.verifies(b"e30.e30", signature));
    }

    #[test]
    fn a_key_file_is_found_only_inside_its_directory_and_only_if_private() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["", "../NYPD", ".hidden", "a/b", "a b", "é"] {
            assert!(generate_demo_key(directory.path(), name).is_err(), "{name}");
        }
        assert!(SigningKey::load(directory.path(), "NYPD").is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            generate_demo_key(directory.path(), "NYPD").unwrap();
            let open = fs::Permissions::from_mode(0o644);
            fs::set_permissions(directory.path().join("NYPD.jwk"), open).unwrap();
            assert!(SigningKey::load(directory.path(), "NYPD").is_err());
        }
    }
}
