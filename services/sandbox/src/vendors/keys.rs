//! Comparing keys, and the key that takes the place of another.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::asked::Asked;
use super::mode::Mode;

/// Follows the old key where keys were rotated.
const ROTATED: &str = "-rotated";

/// The secret that is right at present.
pub(super) fn valid(asked: &Asked, secret: &SecretString) -> SecretString {
    let rotated = asked.is_in(Mode::KeyRotated);
    format!("{}{}", secret.expose_secret(), if rotated { ROTATED } else { "" }).into()
}

/// Whether the right key was shown.
pub(super) fn is_shown(asked: &Asked, shown: Option<&str>, secret: &SecretString) -> bool {
    let valid = valid(asked, secret);
    shown.is_some_and(|shown| shown.as_bytes().ct_eq(valid.expose_secret().as_bytes()).into())
}
