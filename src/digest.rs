//! Hashes of texts, as names for them.

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

/// SHA-256 (FIPS 180-4).
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest::digest(&digest::SHA256, bytes.as_ref()).as_ref()) {
        *to = *from;
    }
    hash
}

/// SHA-256, as 64 hexadecimal digits in lower case.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(&sha256(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4, the one-block message.
    #[test]
    fn it_is_the_standard_one() {
        assert_eq!(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
