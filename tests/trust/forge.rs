//! Makes tokens, right ones and wrong ones, byte by byte: no library of tokens, so that anything can be forged.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// A private key and what is published of it.
pub struct Signer {
    pub alg: &'static str,
    pub jwk: Value,
    pair: Pair,
}

pub enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Signer {
    pub fn new(alg: &'static str, kid: &str) -> Self {
        let text = |octets: &[u8]| BASE64URL_NOPAD.encode(octets);
        let ec = |curve: &str, length: usize, pair: &EcdsaKeyPair| {
            let point = pair.public_key().as_ref();
            json!({"kty":"EC","crv":curve,"x":text(&point[1..=length]),"y":text(&point[1 + length..])})
        };
        let (mut jwk, pair) = match alg {
            "ES256" => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
                (ec("P-256", 32, &pair), Pair::Ec(pair))
            }
            "ES384" => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
                (ec("P-384", 48, &pair), Pair::Ec(pair))
            }
            "EdDSA" => {
                let pair = Ed25519KeyPair::generate().unwrap();
                (json!({"kty":"OKP","crv":"Ed25519","x":text(pair.public_key().as_ref())}), Pair::Ed(pair))
            }
            _ => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
                let public = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
                (json!({"kty":"RSA","n":text(n),"e":text(e)}), Pair::Rsa(pair))
            }
        };
        jwk["kid"] = json!(kid);
        jwk["alg"] = json!(alg);
        jwk["use"] = json!("sig");
        Self { alg, jwk, pair }
    }

    pub fn kid(&self) -> &str {
        self.jwk["kid"].as_str().unwrap()
    }

    /// Signs as `alg` says, which need not be what the key is for.
    pub fn sign(&self, alg: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let padding: &'static dyn aws_lc_rs::signature::RsaEncoding =
                    if alg == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// One key of each algorithm; making RSA keys takes its time.
pub static SIGNERS: LazyLock<[Signer; 5]> = LazyLock::new(|| {
    [("ES256", "k-0"), ("ES384", "k-1"), ("EdDSA", "k-2"), ("RS256", "k-3"), ("PS256", "k-4")]
        .map(|(alg, kid)| Signer::new(alg, kid))
});

/// A key that nobody registered, of an id that somebody did.
pub static STRANGER: LazyLock<Signer> = LazyLock::new(|| Signer::new("ES256", "k-0"));

/// Makes a signature of what is to be signed.
pub type Sign = fn(&[u8]) -> Vec<u8>;

/// A token in the making.
pub struct Draft {
    pub header: Value,
    pub claims: Value,
    /// Said instead of `header`.
    pub header_text: Option<String>,
    /// Said instead of `claims`.
    pub claims_text: Option<String>,
    /// Said instead of either, text or not.
    pub claims_bytes: Option<Vec<u8>>,
    pub signer: &'static Signer,
    /// Signs instead of the signer.
    pub sign: Option<Sign>,
    /// Done to the finished token.
    pub finish: fn(String) -> String,
}

impl Draft {
    pub fn token(&self) -> String {
        let header = self.header_text.clone().unwrap_or_else(|| self.header.to_string());
        let claims = self.claims_text.clone().unwrap_or_else(|| self.claims.to_string());
        let claims = self.claims_bytes.clone().unwrap_or_else(|| claims.into_bytes());
        let signed = format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(&claims));
        let signature = match self.sign {
            Some(sign) => sign(signed.as_bytes()),
            None => self.signer.sign(self.header["alg"].as_str().unwrap_or_default(), signed.as_bytes()),
        };
        (self.finish)(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }

    /// Takes a claim away.
    pub fn without(&mut self, claim: &str) {
        self.claims.as_object_mut().unwrap().remove(claim).expect("the claim was there");
    }

    /// Says a member of the claims twice.
    pub fn doubled(&mut self, claim: &str) {
        let text = self.claims.to_string();
        let value = &self.claims[claim];
        self.claims_text = Some(format!("{},\"{claim}\":{value}}}", text.strip_suffix('}').unwrap()));
    }
}
