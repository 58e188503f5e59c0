//! The id of an automatic risk assessment: the same whenever its command is handed out.

use sha2::{Digest as _, Sha256};
use waybill_domain::CommandId;

/// A UUID made from the command's kind and id.
pub(crate) fn of_command(kind: &str, id: CommandId) -> String {
    let digest = Sha256::new().chain_update(kind).chain_update(id.get().to_be_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]); // a SHA-256 has 32 bytes
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_its_own_and_keeps_it() {
        let one = of_command("SCREEN_KYT", CommandId::new(1));
        assert_eq!(one, of_command("SCREEN_KYT", CommandId::new(1)));
        assert_ne!(one, of_command("SCREEN_KYT", CommandId::new(2)));
        assert_ne!(one, of_command("SCREEN_SANCTION", CommandId::new(1)));
        assert_eq!(one.len(), 36);
    }
}
