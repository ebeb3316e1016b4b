//! Private keys of the demo's agencies.

use std::{fs, io::Write as _, path::Path};

use aws_lc_rs::{
    digest,
    encoding::AsBigEndian as _,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::error::{Error, Result};

/// The public JWK (RFC 7517) of an agency's ES256 key: of the one in `SHORT_NAME.jwk`, or of a new one that is
/// written there, readable by its owner alone. Its `kid` is its thumbprint (RFC 7638).
pub(super) fn public_key(directory: &Path, short_name: &str) -> Result<Value> {
    let path = directory.join(format!("{short_name}.jwk"));
    let mut jwk = if path.exists() {
        serde_json::from_slice(&fs::read(&path).map_err(Error::internal)?).map_err(Error::internal)?
    } else {
        let jwk = new_key()?;
        fs::create_dir_all(directory).map_err(Error::internal)?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(Error::internal)?;
        file.write_all(jwk.to_string().as_bytes()).map_err(Error::internal)?;
        jwk
    };
    if let Value::Object(members) = &mut jwk {
        members.remove("d");
    }
    Ok(jwk)
}

fn new_key() -> Result<Value> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(Error::internal)?;
    let secret = pair.private_key().as_be_bytes().map_err(Error::internal)?;
    let point = pair.public_key().as_ref();
    // SEC 1 §2.3.3: 04, then both coordinates in full length.
    let (Some(x), Some(y)) = (point.get(1..33), point.get(33..65)) else {
        return Err(Error::internal("a P-256 point is not 65 octets long"));
    };
    let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
    let thumbprint = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let kid = BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, thumbprint.as_bytes()).as_ref());
    let d = BASE64URL_NOPAD.encode(secret.as_ref());
    Ok(json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": x, "y": y, "d": d }))
}
